using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The resources as the dashboard sees them, and who watches them. One reader of the notifications feeds any number of subscriptions; none can
/// hold up the reader or another subscription.
/// </summary>
internal sealed partial class ResourceFeed(ResourceNotificationService notifications, TimeProvider time, ILogger<ResourceFeed> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Wire.Resource> _resources = new(StringComparer.Ordinal);
    private readonly HashSet<ResourceSubscription> _subscriptions = [];

    /// <summary>Gets how many subscriptions there are.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.Count;
            }
        }
    }

    /// <summary>Reads the notifications until <paramref name="cancellationToken"/> ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                try
                {
                    Upsert(change);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // One resource with a value that cannot be shown must not blind the dashboard to the others.
                    LogNotShown(logger, exception, change.ResourceId);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Takes an instance that no longer exists off every dashboard.</summary>
    /// <param name="resourceId">The instance's id, as in <see cref="ResourceEvent.ResourceId"/>.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string resourceId)
    {
        lock (_gate)
        {
            if (!_resources.Remove(resourceId, out var resource))
            {
                return false;
            }

            Publish(resourceId, new WatchResourcesChange
            {
                Delete = new ResourceDeletion { ResourceName = resource.Name, ResourceType = resource.ResourceType },
            });
            return true;
        }
    }

    /// <summary>Starts a subscription: what there is now, then every change. The caller disposes it.</summary>
    public ResourceSubscription Subscribe()
    {
        lock (_gate)
        {
            var subscription = new ResourceSubscription([.. _resources.Values], Unsubscribe);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    private void Upsert(ResourceEvent change)
    {
        lock (_gate)
        {
            _resources.TryGetValue(change.ResourceId, out var known);
            var resource = ResourceMessage.From(change, firstSeen: known?.CreatedAt?.ToDateTime() ?? time.GetUtcNow().UtcDateTime);
            if (!resource.Equals(known))
            {
                _resources[change.ResourceId] = resource;
                Publish(change.ResourceId, new WatchResourcesChange { Upsert = resource });
            }
        }
    }

    private void Publish(string resourceId, WatchResourcesChange change)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Add(resourceId, change);
        }
    }

    private void Unsubscribe(ResourceSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    [LoggerMessage(LogLevel.Error, "The dashboard cannot show the current state of {ResourceId}.")]
    private static partial void LogNotShown(ILogger logger, Exception exception, string resourceId);
}
