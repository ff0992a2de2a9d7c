using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Sales;

namespace Shop.Fulfilment.Jobs;

/// <summary>Sets up the jobs. What Hangfire keeps in static fields by default is in the container here, except its log.</summary>
internal static class JobRegistration
{
    public static IHostApplicationBuilder AddJobs(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<JobSettings>(JobSettings.Section);
        builder.AddTelemetrySource(JobTelemetry.Name);
        builder.Services.AddSingleton<JobTelemetry>();
        builder.Services.AddSingleton<JobStore>();
        builder.Services.AddSingleton(services => services.GetRequiredService<JobStore>().Open(services.GetRequiredService<IOptions<JobSettings>>().Value));
        builder.Services.AddSingleton<JobActivator>(services => new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>()));
        builder.Services.AddSingleton<IJobFilterProvider>(services => new JobFilterProviderCollection(
            new JobFilterCollection { services.GetRequiredService<JobTelemetry>(), new AutomaticRetryAttribute(), new StatisticsHistoryAttribute() },
            new JobFilterAttributeFilterProvider()));
        builder.Services.AddHangfire((services, hangfire) => hangfire.UseLogProvider(new JobLogs(services.GetRequiredService<ILoggerFactory>())));
        builder.Services.AddScoped<CarrierRetry>();
        builder.Services.AddScoped<OverdueShipments>();
        builder.Services.AddScoped<SalesReport>();
        builder.Services.AddScoped<Cleanup>();
        builder.Services.AddSingleton<ReportFolder>();
        builder.AddSettings<ReportSettings>(ReportSettings.Section);
        builder.AddSettings<CleanupSettings>(CleanupSettings.Section);
        builder.Services.AddHostedService<JobServer>();
        return builder;
    }
}
