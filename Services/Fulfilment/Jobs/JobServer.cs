using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Data;
using Shop.Fulfilment.Sales;

namespace Shop.Fulfilment.Jobs;

/// <summary>Runs jobs as soon as the tables are there, and makes known when the recurring ones are due.</summary>
internal sealed partial class JobServer(
    IServiceProvider services, DatabasePreparation preparation, IOptions<JobSettings> settings, TimeProvider time, ILogger<JobServer> logger) : BackgroundService
{
    /// <summary>The names of the recurring jobs.</summary>
    public const string OverdueShipments = "overdue-shipments";
    public const string SalesReport = "sales-report";
    public const string Cleanup = "cleanup";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.Done.WaitAsync(stoppingToken);
        while (!Announced())
        {
            await Task.Delay(Pause, time, stoppingToken);
        }

        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                WorkerCount = settings.Value.Workers,
                SchedulePollingInterval = settings.Value.PollInterval,
                Activator = services.GetRequiredService<JobActivator>(),
                FilterProvider = services.GetRequiredService<IJobFilterProvider>(),
            },
            services.GetRequiredService<JobStorage>());
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        server.SendStop();
        await server.WaitForShutdownAsync(CancellationToken.None);
    }

    private bool Announced()
    {
        try
        {
            var jobs = services.GetRequiredService<IRecurringJobManager>();
            var (schedule, zone) = (settings.Value, new RecurringJobOptions { TimeZone = settings.Value.FindTimeZone() });
            jobs.AddOrUpdate<OverdueShipments>(OverdueShipments, job => job.RunAsync(CancellationToken.None), schedule.OverdueSchedule, zone);
            jobs.AddOrUpdate<SalesReport>(SalesReport, job => job.RunAsync(CancellationToken.None), schedule.ReportSchedule, zone);
            jobs.AddOrUpdate<Cleanup>(Cleanup, job => job.RunAsync(CancellationToken.None), schedule.CleanupSchedule, zone);
            return true;
        }
        catch (Exception failure)
        {
            LogNotYet(logger, failure.GetBaseException().Message, Pause);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The jobs cannot be announced ({Reason}); trying again in {Pause}")]
    private static partial void LogNotYet(ILogger logger, string reason, TimeSpan pause);
}
