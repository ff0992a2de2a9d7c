using System.Globalization;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>Ends an AppHost whose CLI (setting ASPIRE_CLI_PID) is gone: nobody would be left to end it.</summary>
internal sealed class CliWatch(IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DistributedApplication> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || !int.TryParse(configuration["ASPIRE_CLI_PID"], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        // Another process may get the same number one day, but not the same time of start.
        var started = ProcessTree.StartOf(pid);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (started is not null && ProcessTree.StartOf(pid) == started)
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        logger.LogInformation("The aspire CLI that started this AppHost (process {Pid}) is gone. Stopping.", pid);
        lifetime.StopApplication();
    }
}
