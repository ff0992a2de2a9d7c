using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc cref="IDistributedApplicationEventing" />
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly List<(Type Type, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
        => Add(typeof(T), new DistributedApplicationEventSubscription((@event, cancellationToken) => callback((T)@event, cancellationToken)));

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
        => Add(typeof(T), new DistributedApplicationResourceEventSubscription(
            resource,
            (@event, cancellationToken) => @event.Resource == resource ? callback((T)@event, cancellationToken) : Task.CompletedTask));

    /// <inheritdoc />
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.RemoveAll(s => s.Subscription == subscription);
        }
    }

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
        => PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        DistributedApplicationEventSubscription[] subscriptions;
        lock (_lock)
        {
            subscriptions = [.. _subscriptions.Where(s => s.Type == typeof(T)).Select(s => s.Subscription)];
        }

        var dispatch = dispatchBehavior is EventDispatchBehavior.BlockingConcurrent or EventDispatchBehavior.NonBlockingConcurrent
            ? Task.WhenAll(subscriptions.Select(s => s.Callback(@event, cancellationToken)))
            : OneAfterTheOtherAsync(subscriptions, @event, cancellationToken);
        return dispatchBehavior is EventDispatchBehavior.BlockingConcurrent or EventDispatchBehavior.BlockingSequential ? dispatch : Task.CompletedTask;
    }

    private static async Task OneAfterTheOtherAsync(
        IEnumerable<DistributedApplicationEventSubscription> subscriptions,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken)
    {
        foreach (var subscription in subscriptions)
        {
            await subscription.Callback(@event, cancellationToken).ConfigureAwait(false);
        }
    }

    private DistributedApplicationEventSubscription Add(Type type, DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Add((type, subscription));
        }

        return subscription;
    }
}
