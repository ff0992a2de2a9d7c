using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Health;

/// <summary>Runs the health checks of every resource that runs, and says when it is ready.</summary>
internal sealed class ResourceHealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider time,
    ILogger<ResourceHealthMonitor> logger) : BackgroundService
{
    /// <summary>A resource that has just started is asked often, since others wait for it.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestDelayUntilHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DelayWhileHealthy = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _monitored = new(StringComparer.OrdinalIgnoreCase);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                var state = change.Snapshot.State?.Text;
                if (state == KnownResourceStates.Running)
                {
                    StartMonitoring(change, stoppingToken);
                }
                else if (_monitored.TryRemove(change.Resource.Name, out var monitoring))
                {
                    await monitoring.CancelAsync();
                    monitoring.Dispose();
                    await ForgetAsync(change.Resource);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops, or was disposed without being stopped.
        }
    }

    private void StartMonitoring(ResourceEvent change, CancellationToken stoppingToken)
    {
        if (_monitored.ContainsKey(change.Resource.Name))
        {
            return;
        }

        var monitoring = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _monitored[change.Resource.Name] = monitoring;
        _ = Task.Run(() => MonitorAsync(change.Resource, monitoring.Token), CancellationToken.None);
    }

    private async Task MonitorAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
            var ready = false;
            if (keys.Count == 0)
            {
                await BecomeReadyAsync(resource, cancellationToken);
                return;
            }

            for (var delay = FirstDelay; ; await Task.Delay(delay, time, cancellationToken))
            {
                var status = await CheckAsync(resource, keys, cancellationToken);
                if (status == HealthStatus.Healthy && !ready)
                {
                    ready = true;
                    await BecomeReadyAsync(resource, cancellationToken);
                }

                delay = status == HealthStatus.Healthy ? DelayWhileHealthy : ready ? FirstDelay * 40 : Longer(delay);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The resource has ended, or the AppHost stops.
        }
        catch (ObjectDisposedException)
        {
            // The AppHost was disposed without being stopped; its services are gone before this one is told. What a check throws does not come here.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The health of resource '{Resource}' is no longer watched.", resource.Name);
        }
    }

    private static TimeSpan Longer(TimeSpan delay) => delay * 1.5 < LongestDelayUntilHealthy ? delay * 1.5 : LongestDelayUntilHealthy;

    private async Task<HealthStatus> CheckAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await healthChecks.CheckHealthAsync(registration => keys.Contains(registration.Name), cancellationToken);
        // What was found out about a process that is gone is not said of the next one.
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow().UtcDateTime;
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            HealthReports =
            [
                .. keys.Select(key => report.Entries.TryGetValue(key, out var entry)
                    ? new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.ToString()) { LastRunAt = now }
                    : new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"No health check is registered under the name '{key}'.", null) { LastRunAt = now }),
            ],
        });
        return keys.All(report.Entries.ContainsKey) ? report.Status : HealthStatus.Unhealthy;
    }

    /// <summary>Nobody knows the health of what does not run; whoever waits for the resource waits for the next run's.</summary>
    private Task ForgetAsync(IResource resource) => notifications.PublishUpdateAsync(resource, snapshot => snapshot with
    {
        ReadyHandlers = null,
        HealthReports = [.. snapshot.HealthReports.Select(report => new HealthReportSnapshot(report.Name, null, null, null))],
    });

    /// <summary>Tells those who prepare the resource, and lets those who wait for it wait for them too.</summary>
    private async Task BecomeReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        var handlers = eventing.PublishAsync(new ResourceReadyEvent(resource, services), EventDispatchBehavior.BlockingSequential, cancellationToken);
        await notifications.PublishUpdateAsync(resource, s => s with { ReadyHandlers = handlers });
        try
        {
            await handlers;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "Preparing resource '{Resource}' failed.", resource.Name);
        }
    }
}
