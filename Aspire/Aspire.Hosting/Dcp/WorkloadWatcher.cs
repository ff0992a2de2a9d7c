using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Follows the processes or the containers in DCP: publishes their states, copies their logs, tells of their ends.</summary>
/// <param name="notifications">Where states are published.</param>
/// <param name="logs">Copies the logs.</param>
/// <param name="stopped">Called, and not waited for, when an instance has ended.</param>
internal sealed class WorkloadWatcher<T>(ResourceNotificationService notifications, ResourceLogPump logs, Action<EngineInstance> stopped)
    where T : class, IDcpWorkload<T>
{
    private readonly List<Task> _copying = [];

    /// <summary>Follows until cancelled.</summary>
    public async Task WatchAsync(DcpClient client, IReadOnlyList<EngineResource> resources, CancellationToken cancellationToken)
    {
        var instances = resources.SelectMany(resource => resource.Instances).ToDictionary(instance => instance.Id, StringComparer.Ordinal);
        try
        {
            await foreach (var change in client.WatchAsync<T>(cancellationToken))
            {
                if (instances.TryGetValue(change.Object.Metadata.Name, out var instance) && !instance.IsBuried(change.Object))
                {
                    await ApplyAsync(client, instance, change, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(_copying);
        }
    }

    private async Task ApplyAsync(DcpClient client, EngineInstance instance, DcpChange<T> change, CancellationToken cancellationToken)
    {
        // An object is deleted by the engine only, which buries it first; where somebody else did it, its process was stopped with it.
        var life = change.IsDeleted ? change.Object.InState(DcpExecutableState.Unknown)
            : instance.IsStopped && change.Object.State is { } state ? change.Object.InState(T.StoppedState(state))
            : change.Object;
        var before = instance.Seen;
        var isNew = before?.Metadata.Uid != life.Metadata.Uid;
        var wasFinal = !isNew && before is { IsFinal: true };
        instance.Seen = life;

        await notifications.PublishUpdateAsync(instance.Owner.Resource, instance.Id, snapshot => life.Update(snapshot, instance.Owner.Resource));

        if (isNew && !change.IsDeleted)
        {
            _copying.RemoveAll(copying => copying.IsCompleted);
            _copying.Add(logs.CopyAsync<T>(client, instance.Id, cancellationToken));
        }

        if (life.IsFinal && !wasFinal)
        {
            if (life.State == DcpExecutableState.FailedToStart)
            {
                _copying.Add(logs.CopyStartFailureAsync<T>(client, instance.Id, cancellationToken));
            }

            stopped(instance);
        }
    }
}
