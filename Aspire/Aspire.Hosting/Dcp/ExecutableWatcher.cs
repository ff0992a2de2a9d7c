using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Follows the processes in DCP: publishes their states, copies their logs, tells of their ends.</summary>
/// <param name="notifications">Where states are published.</param>
/// <param name="logs">Copies the logs.</param>
/// <param name="stopped">Called, and not waited for, when an instance has ended.</param>
internal sealed class ExecutableWatcher(ResourceNotificationService notifications, ResourceLogPump logs, Action<EngineInstance> stopped)
{
    private readonly List<Task> _copying = [];

    /// <summary>Follows until cancelled.</summary>
    public async Task WatchAsync(DcpClient client, IReadOnlyList<EngineResource> resources, CancellationToken cancellationToken)
    {
        var instances = resources.SelectMany(resource => resource.Instances).ToDictionary(instance => instance.Id, StringComparer.Ordinal);
        try
        {
            await foreach (var change in client.WatchAsync<DcpExecutable>(cancellationToken))
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

    private async Task ApplyAsync(DcpClient client, EngineInstance instance, DcpChange<DcpExecutable> change, CancellationToken cancellationToken)
    {
        // An object is deleted by the engine only, which buries it first; where somebody else did it, its process was stopped with it.
        var executable = change.IsDeleted ? InState(change.Object, DcpExecutableState.Terminated)
            : instance.IsStopped ? AsStopped(change.Object)
            : change.Object;
        var (before, after) = (instance.Seen, executable.Status?.State);
        var isNew = before?.Metadata.Uid != executable.Metadata.Uid;
        var wasFinal = !isNew && DcpExecutableState.IsFinal(before?.Status?.State);
        instance.Seen = executable;

        await notifications.PublishUpdateAsync(
            instance.Owner.Resource, instance.Id, snapshot => ExecutableSnapshot.Update(snapshot, instance.Owner.Resource, executable));

        if (isNew && !change.IsDeleted)
        {
            _copying.RemoveAll(copying => copying.IsCompleted);
            _copying.Add(logs.CopyAsync(client, instance.Id, cancellationToken));
        }

        if (DcpExecutableState.IsFinal(after) && !wasFinal)
        {
            if (after == DcpExecutableState.FailedToStart)
            {
                _copying.Add(logs.CopyStartFailureAsync(client, instance.Id, cancellationToken));
            }

            stopped(instance);
        }
    }

    // DCP says Running until it has seen the request, and Finished of a process that obeys SIGTERM.
    private static DcpExecutable AsStopped(DcpExecutable executable) => executable.Status?.State switch
    {
        DcpExecutableState.Running or DcpExecutableState.Starting => InState(executable, DcpExecutableState.Stopping),
        DcpExecutableState.Finished => InState(executable, DcpExecutableState.Terminated),
        _ => executable,
    };

    private static DcpExecutable InState(DcpExecutable executable, string state) =>
        executable with { Status = (executable.Status ?? new DcpExecutableStatus()) with { State = state } };
}
