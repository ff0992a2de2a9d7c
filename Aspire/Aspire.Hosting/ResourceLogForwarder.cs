using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Writes the log of every resource to the AppHost's own log, for places without a dashboard.</summary>
internal sealed class ResourceLogForwarder(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ILoggerFactory factory,
    IHostEnvironment environment) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var forwarded = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var forwarding = new List<Task>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (forwarded.Add(change.ResourceId))
                {
                    forwarding.Add(ForwardAsync(change.Resource, change.ResourceId, stoppingToken));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops, or was disposed without being stopped.
        }

        await Task.WhenAll(forwarding);
    }

    private async Task ForwardAsync(IResource resource, string resourceId, CancellationToken cancellationToken)
    {
        var logger = factory.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        try
        {
            await foreach (var batch in loggers.WatchAsync(resourceId).WithCancellation(cancellationToken))
            {
                foreach (var line in batch)
                {
                    logger.Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{LineNumber}: {Line}", line.LineNumber, line.Content);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops, or was disposed without being stopped.
        }
    }
}
