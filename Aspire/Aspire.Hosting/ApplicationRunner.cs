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
        _watching = SayHowItGoesAsync(lifetime.ApplicationStopping);
        await engine.StartAsync(model, cancellationToken);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(cancellationToken);
        await _watching;
    }

    /// <summary>Tells a developer who has only a terminal when to go ahead, and what has failed.</summary>
    private async Task SayHowItGoesAsync(CancellationToken cancellationToken)
    {
        var waitedFor = model.Resources
            .Where(r => r is not ParameterResource && !r.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .Select(r => r.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var failed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (!HasFailed(change.Snapshot))
                {
                    failed.Remove(change.ResourceId);
                }
                else if (failed.Add(change.ResourceId))
                {
                    logger.LogWarning(
                        "Resource '{Resource}' does not run any more ({State}{ExitCode}). Its log says why.",
                        change.Resource.Name,
                        change.Snapshot.State!.Text,
                        change.Snapshot.ExitCode is { } code ? $", exit code {code}" : string.Empty);
                }

                if (change.Snapshot is { HealthStatus: HealthStatus.Healthy } or { IsHidden: true } && waitedFor.Remove(change.Resource.Name) && waitedFor.Count == 0)
                {
                    logger.LogInformation("All resources are running and healthy.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops, or was disposed without being stopped.
        }
    }

    private static bool HasFailed(CustomResourceSnapshot snapshot)
        => snapshot.State?.Text == KnownResourceStates.FailedToStart
            || (snapshot.IsOver && snapshot.ExitCode is not (null or 0));
}
