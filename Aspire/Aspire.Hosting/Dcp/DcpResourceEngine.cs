using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dcp;

/// <summary>Runs projects and executables as processes of DCP; all other resources see to themselves when told to initialize.</summary>
internal sealed class DcpResourceEngine(
    IOptions<DcpOptions> options,
    ExecutableBuilder builder,
    ResourceLogPump logs,
    ResourceAnnouncements announcements,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IHostApplicationLifetime lifetime,
    ILogger<DcpResourceEngine> logger) : IResourceEngine, IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private readonly Lock _stopLock = new();
    private DistributedApplicationModel? _model;
    private DcpProcess? _dcp;
    private IReadOnlyList<EngineResource> _resources = [];
    private Task? _stop;

    /// <summary>The folder of the running DCP; null before it is started.</summary>
    public string? SessionFolder => _dcp?.SessionFolder;

    private DcpClient Client => _dcp!.Client;

    public async Task StartAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        _model = model;
        _resources = [.. model.Resources.Where(EngineResource.Runs).Select(resource => new EngineResource(resource))];
        foreach (var resource in _resources.Where(resource => resource.Resource.Name != DashboardResource.Name))
        {
            LifecycleCommands.AddTo(resource.Resource);
        }

        ServiceAllocator.PreparePorts(model, options.Value);
        await announcements.InitializeAsync(model, _stopping.Token);
        await RefuseContainersAsync(model);
        _dcp = await DcpProcess.StartAsync(options.Value, linked.Token);
        Interlocked.MemoryBarrier();
        if (_stopping.IsCancellationRequested)
        {
            // It came up in the moment of the stop, which may not have seen it.
            await _dcp.DisposeAsync();
            linked.Token.ThrowIfCancellationRequested();
        }

        var watcher = new ExecutableWatcher(notifications, logs, TellOfEnd);
        _background.Add(watcher.WatchAsync(Client, _resources, _stopping.Token));
        _background.Add(WatchDcpAsync(_dcp, _stopping.Token));

        // All addresses before the first event: a subscriber may ask for another resource's endpoint.
        await new ServiceAllocator(options.Value).AllocateAsync(Client, _resources, linked.Token);
        foreach (var resource in _resources.Where(resource => resource.Endpoints.Count > 0))
        {
            await announcements.EndpointsAllocatedAsync(resource.Resource, linked.Token);
        }

        foreach (var resource in model.Resources.Where(HasOwnUrls).Except(_resources.Where(resource => resource.Endpoints.Count > 0).Select(resource => resource.Resource)))
        {
            await announcements.ShowUrlsAsync(resource, linked.Token);
        }

        var starting = _resources.ToLookup(resource => !resource.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>());
        foreach (var resource in starting[false])
        {
            await announcements.NotStartedAsync(resource.Resource);
        }

        await Task.WhenAll(starting[true].Select(resource => StartAsync(resource, resource.Instances, linked.Token)));
        await announcements.AllCreatedAsync(model, linked.Token);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // Who comes second waits as well: DCP must not be disposed while the first is still telling it to end its processes.
        lock (_stopLock)
        {
            return _stop ??= StopOnceAsync(cancellationToken);
        }
    }

    public async Task StartResourceAsync(string resourceId, CancellationToken cancellationToken)
    {
        var instance = Find(resourceId);
        await StopAsync(instance, cancellationToken);
        if (await StartAsync(instance.Owner, [instance], cancellationToken) is { } reason)
        {
            throw new DistributedApplicationException($"Resource '{instance.Owner.Resource.Name}' could not be started: {reason.Message}", reason);
        }
    }

    public Task StopResourceAsync(string resourceId, CancellationToken cancellationToken) => StopAsync(Find(resourceId), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(CancellationToken.None);
        }
        finally
        {
            if (_dcp is not null)
            {
                await _dcp.DisposeAsync();
            }

            foreach (var instance in _resources.SelectMany(resource => resource.Instances))
            {
                instance.Dispose();
            }

            _stopping.Dispose();
        }
    }

    private EngineInstance Find(string id) =>
        _resources.SelectMany(resource => resource.Instances).FirstOrDefault(instance => string.Equals(instance.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? _resources.FirstOrDefault(resource => string.Equals(resource.Resource.Name, id, StringComparison.OrdinalIgnoreCase))?.Instances[0]
        ?? throw new DistributedApplicationException($"There is no process of the name '{id}'.");

    private static bool HasOwnUrls(IResource resource) =>
        resource.HasAnnotationOfType<ResourceUrlAnnotation>() || resource.HasAnnotationOfType<ResourceUrlsCallbackAnnotation>();

    // What goes wrong with one resource is said of that resource; the others go on.
    private async Task<Exception?> StartAsync(EngineResource resource, IReadOnlyList<EngineInstance> instances, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            await announcements.BeforeStartAsync(_model!, resource.Resource, cancellationToken);
            foreach (var instance in instances)
            {
                await StartAsync(instance, cancellationToken);
            }

            return null;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug("The start of '{Resource}' was cancelled.", resource.Resource.Name);
            return exception;
        }
        catch (Exception exception)
        {
            await announcements.FailedToStartAsync(resource.Resource, exception);
            return exception;
        }
    }

    private async Task StartAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            if (await Client.FindAsync<DcpExecutable>(instance.Id, cancellationToken) is { } former)
            {
                instance.Bury(former);
                await Client.DeleteAsync<DcpExecutable>(instance.Id, cancellationToken);
                while (await Client.FindAsync<DcpExecutable>(instance.Id, cancellationToken) is not null)
                {
                    await Task.Delay(PollInterval, cancellationToken);
                }
            }

            var executable = await builder.BuildAsync(instance, loggers.GetLogger(instance.Id), cancellationToken);
            instance.IsStopped = false;
            await Client.CreateAsync(executable, cancellationToken);
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    private async Task StopAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            if (await Client.FindAsync<DcpExecutable>(instance.Id, cancellationToken) is not { } executable || DcpExecutableState.IsFinal(executable.Status?.State))
            {
                return;
            }

            instance.IsStopped = true;
            await notifications.PublishUpdateAsync(instance.Owner.Resource, instance.Id, snapshot => snapshot with { State = KnownResourceStates.Stopping });
            var processes = executable.Status?.Pid is { } pid ? ProcessTree.Descendants((int)pid) : [];
            await Client.PatchAsync(instance.Id, new DcpExecutablePatchSpec(Stop: true), cancellationToken);
            using var grace = new CancellationTokenSource(options.Value.ProcessStopGrace);
            await using var kill = grace.Token.Register(() => ProcessTree.Kill(processes));
            while (!DcpExecutableState.IsFinal(instance.Seen?.Status?.State))
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_dcp is not null)
        {
            await _dcp.StopAsync(cancellationToken);
        }

        await Task.WhenAll(_background);
        foreach (var instance in _resources.SelectMany(resource => resource.Instances))
        {
            loggers.Complete(instance.Id);
        }
    }

    private void TellOfEnd(EngineInstance instance) =>
        _ = announcements.StoppedAsync(_model!, instance.Owner.Resource, instance.Id, _stopping.Token);

    private async Task WatchDcpAsync(DcpProcess dcp, CancellationToken cancellationToken)
    {
        try
        {
            await dcp.WaitForExitAsync(cancellationToken);
            logger.LogCritical("The Aspire engine (DCP) has ended unexpectedly, and all processes with it. The application stops.");
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine stops.
        }
    }

    private async Task RefuseContainersAsync(DistributedApplicationModel model)
    {
        foreach (var container in model.Resources.Where(resource => resource.HasAnnotationOfType<ContainerImageAnnotation>()))
        {
            var refusal = new DistributedApplicationException(
                $"Resource '{container.Name}' is a container, and no container engine is supported yet. Call RunAsProcess() on it where that exists, "
                + "or build with -p:AspirePackages=true to run containers with Microsoft's packages.");
            foreach (var endpoint in container.Annotations.OfType<EndpointAnnotation>())
            {
                // Who refers to it fails with the reason instead of waiting for ever.
                endpoint.AllocatedEndpointSnapshot.SetException(refusal);
            }

            await announcements.FailedToStartAsync(container, refusal);
        }
    }
}
