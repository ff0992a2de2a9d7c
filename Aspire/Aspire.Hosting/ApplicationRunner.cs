using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Runs the model: starts the engine with the AppHost and stops it with it.</summary>
internal sealed class ApplicationRunner(
    IResourceEngine engine,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
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
        _watching = SayWhenAllAreHealthyAsync(lifetime.ApplicationStopping);
        await engine.StartAsync(model, cancellationToken);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(cancellationToken);
        await _watching;
    }

    /// <summary>Tells a developer who has only a terminal when to go ahead.</summary>
    private async Task SayWhenAllAreHealthyAsync(CancellationToken cancellationToken)
    {
        var waitedFor = model.Resources.Where(r => r is not ParameterResource && !r.HasAnnotationOfType<ExplicitStartupAnnotation>()).Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (change.Snapshot is { HealthStatus: HealthStatus.Healthy } or { IsHidden: true })
                {
                    waitedFor.Remove(change.Resource.Name);
                }

                if (waitedFor.Count == 0)
                {
                    logger.LogInformation("All resources are running and healthy.");
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped before all were healthy.
        }
    }
}
