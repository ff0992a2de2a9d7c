using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Runs the model: starts the engine with the AppHost and stops it with it.</summary>
internal sealed class ApplicationRunner(
    IResourceEngine engine,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    TimeProvider time,
    DistributedApplicationOptions options,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    ILogger<DistributedApplication> logger) : IHostedService
{
    private Task _watching = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("Distributed application starting.");
        logger.LogInformation("Application host directory is: {AppHostDirectory}", options.ProjectDirectory ?? environment.ContentRootPath);
        ResourceCycles.Refuse(model);
        _watching = new StartReport(model, notifications, loggers, time, logger).RunAsync(lifetime.ApplicationStopping);
        await engine.StartAsync(model, cancellationToken);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(cancellationToken);
        await _watching;
    }
}
