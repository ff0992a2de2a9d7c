using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Holds the state of every resource and tells who wants to know.</summary>
public class ResourceNotificationService : IDisposable
{
    /// <summary>The property by which the dashboard knows the parent's id.</summary>
    private const string ParentNameProperty = "resource.parentName";

    private readonly ConcurrentDictionary<string, ResourceState> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _watchersLock = new();
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly IServiceProvider _services;
    private readonly ResourceLoggerService _resourceLoggers;
    private readonly TimeProvider _time;

    /// <summary>Creates the service.</summary>
    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService)
    {
        _logger = logger;
        _lifetime = hostApplicationLifetime;
        _services = serviceProvider;
        _resourceLoggers = resourceLoggerService;
        _time = serviceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    /// <summary>Changes the state of a resource, of all its instances where it has several.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new state from the old; called under a lock, so it must be quick.</param>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in resource.GetInstanceIds())
        {
            await PublishUpdateAsync(resource, id, stateFactory).ConfigureAwait(false);
        }
    }

    /// <summary>Changes the state of one instance of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        var state = _states.GetOrAdd(resourceId, id => new ResourceState(resource, id));
        lock (state.Lock)
        {
            var previous = state.Snapshot ?? InitialSnapshotOf(resource);
            var next = WithCommands(resource, WithVisibility(resource, stateFactory(previous)));
            // Told under the resource's lock, so that nobody sees two changes in the wrong order.
            Tell(state.Change(next));
            if (previous.State?.Text != next.State?.Text && next.State is { Text.Length: > 0 })
            {
                _logger.LogDebug("Resource {Resource}/{ResourceId} changed state: {PreviousState} -> {NewState}", resource.Name, resourceId, previous.State?.Text, next.State.Text);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The state of an instance, if it has one yet.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        resourceEvent = _states.TryGetValue(resourceId, out var state) ? state.ToEvent() : null;
        return resourceEvent is not null;
    }

    /// <summary>The states of all resources as they are now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The channel is there before the states are read, so that no change is missed; those that a state already held are left out.
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });
        lock (_watchersLock)
        {
            _watchers.Add(channel);
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            var seen = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
            foreach (var state in _states.Values)
            {
                if (state.ToEvent() is { } current)
                {
                    seen[current.ResourceId] = current.Version;
                    yield return current;
                }
            }

            await foreach (var change in channel.Reader.ReadAllAsync(linked.Token).ConfigureAwait(false))
            {
                if (change.Version > seen.GetValueOrDefault(change.ResourceId))
                {
                    yield return change;
                }
            }
        }
        finally
        {
            lock (_watchersLock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Waits until the resource is in a state; Running when none is named.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
        => WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until the resource is in one of some states.</summary>
    /// <returns>The state.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var change = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken).ConfigureAwait(false);
        return change.Snapshot.State!.Text;
    }

    /// <summary>Waits until something holds of the resource.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the application stops.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.ApplicationStopping);
        await foreach (var change in WatchAsync(linked.Token).ConfigureAwait(false))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException($"The operation was cancelled before the resource '{resourceName}' met the predicate condition.");
    }

    /// <summary>Waits until the resource runs and all its health checks pass.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
        => WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until the resource runs and all its health checks pass.</summary>
    /// <exception cref="DistributedApplicationException">It cannot become healthy any more, and the behaviour says to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && e.Snapshot.IsOver),
            cancellationToken).ConfigureAwait(false);
        return change.Snapshot.IsOver
            ? throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.")
            : change;
    }

    /// <summary>Holds a resource back until all that it waits for is there.</summary>
    /// <exception cref="DistributedApplicationException">One of them failed, and the behaviour says to stop then.</exception>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (!resource.TryGetAnnotationsOfType<WaitAnnotation>(out var waits))
        {
            return;
        }

        await PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting }).ConfigureAwait(false);
        await Task.WhenAll(waits.Select(wait => WaitForAsync(resource, wait, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends all waiting.</summary>
    private protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
        }
    }

    private WaitBehavior DefaultWaitBehavior => _services.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>().Value.DefaultWaitBehavior;

    private async Task WaitForAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var dependency = wait.Resource;
        var behavior = wait.WaitBehavior ?? DefaultWaitBehavior;
        var logger = _resourceLoggers.GetLogger(resource);
        logger.LogInformation("Waiting for resource '{ResourceName}' {Goal}.", dependency.Name, wait.WaitType switch
        {
            WaitType.WaitForCompletion => "to complete",
            WaitType.WaitUntilStarted => "to start",
            _ => "to become healthy",
        });

        var change = await WaitForResourceAsync(
            dependency.Name,
            e => Reached(wait.WaitType, e.Snapshot)
                || (e.Snapshot.IsOver && (behavior == WaitBehavior.StopOnResourceUnavailable || wait.WaitType == WaitType.WaitForCompletion)),
            cancellationToken).ConfigureAwait(false);

        var failure = wait.WaitType switch
        {
            WaitType.WaitForCompletion when change.Snapshot.State?.Text == KnownResourceStates.FailedToStart => "failed to start",
            WaitType.WaitForCompletion when change.Snapshot.ExitCode is { } code && code != wait.ExitCode => $"exited with exit code {code}, expected {wait.ExitCode}",
            WaitType.WaitForCompletion => null,
            _ when change.Snapshot.IsOver => $"entered the '{change.Snapshot.State!.Text}' state",
            _ => null,
        };
        if (failure is not null)
        {
            var message = $"Dependency resource '{dependency.Name}' {failure}.";
            logger.LogError("{Message}", message);
            throw new DistributedApplicationException(message);
        }

        if (wait.WaitType == WaitType.WaitUntilHealthy && change.Snapshot.ReadyHandlers is { } ready)
        {
            await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        logger.LogInformation("Finished waiting for resource '{ResourceName}'.", dependency.Name);
    }

    private static bool Reached(WaitType type, CustomResourceSnapshot snapshot) => type switch
    {
        WaitType.WaitForCompletion => snapshot.IsOver,
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        _ => snapshot is { HealthStatus: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, ReadyHandlers: not null },
    };

    private void Tell(ResourceEvent change)
    {
        lock (_watchersLock)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }
        }
    }

    private static CustomResourceSnapshot WithVisibility(IResource resource, CustomResourceSnapshot snapshot)
        => resource.TryGetLastAnnotation<HiddenAnnotation>(out var hidden) ? snapshot with { IsHidden = hidden.Hides(snapshot) } : snapshot;

    /// <summary>The commands as they are in this state; those that the author put into the snapshot himself stay.</summary>
    private CustomResourceSnapshot WithCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var commands = resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        if (commands.Length == 0)
        {
            return snapshot;
        }

        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, Services = _services };
        return snapshot with
        {
            Commands =
            [
                .. snapshot.Commands.Where(shown => !commands.Any(command => command.Name == shown.Name)),
                .. commands.Select(command => new ResourceCommandSnapshot(
                    command.Name, StateOf(resource, command, context), command.DisplayName, command.DisplayDescription, null,
                    command.ConfirmationMessage, command.IconName, command.IconVariant, command.IsHighlighted)
                {
                    Arguments = command.Arguments,
                    Visibility = command.Visibility,
                }),
            ],
        };
    }

    private ResourceCommandState StateOf(IResource resource, ResourceCommandAnnotation command, UpdateCommandStateContext context)
    {
        try
        {
            return command.UpdateState(context);
        }
#pragma warning disable CA1031 // The callback is the author's: what it throws must not keep the resource's state from being told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.LogError(exception, "The state of command '{Command}' of resource '{Resource}' cannot be told.", command.Name, resource.Name);
            return ResourceCommandState.Disabled;
        }
    }

    private CustomResourceSnapshot InitialSnapshotOf(IResource resource)
    {
        var snapshot = resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var initial)
            ? initial.InitialSnapshot
            : new CustomResourceSnapshot { ResourceType = TypeNameOf(resource), Properties = [] };
        var icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        return snapshot with
        {
            IconName = icon?.IconName ?? snapshot.IconName,
            IconVariant = icon?.IconVariant ?? snapshot.IconVariant,
            CreationTimeStamp = snapshot.CreationTimeStamp ?? _time.GetUtcNow().UtcDateTime,
            Properties = ParentOf(resource) is { } parent
                ? [.. snapshot.Properties, new ResourcePropertySnapshot(ParentNameProperty, parent.GetInstanceIds()[0])]
                : snapshot.Properties,
            Relationships =
            [
                .. snapshot.Relationships,
                .. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)),
            ],
            HealthReports =
            [
                .. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null)),
            ],
        };
    }

    /// <summary>The resource below which the dashboard shows this one.</summary>
    internal static IResource? ParentOf(IResource resource)
        => resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(r => r.Type == KnownRelationshipTypes.Parent)?.Resource
            ?? (resource as IResourceWithParent)?.Parent;

    private static string TypeNameOf(IResource resource) => resource switch
    {
        ProjectResource => KnownResourceTypes.Project,
        ExecutableResource => KnownResourceTypes.Executable,
        ParameterResource => KnownResourceTypes.Parameter,
        ContainerResource when resource.HasAnnotationOfType<ContainerImageAnnotation>() => KnownResourceTypes.Container,
        _ => resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal),
    };

    private sealed class ResourceState(IResource resource, string resourceId)
    {
        private long _version;

        public Lock Lock { get; } = new();

        public CustomResourceSnapshot? Snapshot { get; private set; }

        public ResourceEvent Change(CustomResourceSnapshot snapshot)
        {
            Snapshot = snapshot;
            return new ResourceEvent(resource, resourceId, snapshot) { Version = ++_version };
        }

        public ResourceEvent? ToEvent()
        {
            lock (Lock)
            {
                return Snapshot is null ? null : new ResourceEvent(resource, resourceId, Snapshot) { Version = _version };
            }
        }
    }
}
