using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dcp;

/// <summary>Runs projects and executables as processes of DCP, and containers where there is a container engine; all other resources see to themselves when told to initialize.</summary>
internal sealed class DcpResourceEngine(
    IOptions<DcpOptions> options,
    ExecutableBuilder builder,
    ContainerBuilder containers,
    ContainerRuntime runtime,
    ContainerNetworking networking,
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

    public bool HasEndedByItself { get; private set; }

    private DcpClient Client => _dcp!.Client;

    public async Task StartAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        _model = model;
        _resources = [.. model.Resources.Where(EngineResource.Runs).Select(resource => new EngineResource(resource, networking.PersistentSuffix))];
        foreach (var resource in _resources.Where(resource => resource.Resource.Name != DashboardResource.Name))
        {
            LifecycleCommands.AddTo(resource.Resource);
        }

        ServiceAllocator.PreparePorts(model, options.Value);
        await announcements.InitializeAsync(model, _stopping.Token);
        _dcp = await DcpProcess.StartAsync(options.Value, linked.Token);
        Interlocked.MemoryBarrier();
        if (_stopping.IsCancellationRequested)
        {
            // It came up in the moment of the stop, which may not have seen it.
            await _dcp.DisposeAsync();
            linked.Token.ThrowIfCancellationRequested();
        }

        var watcher = new WorkloadWatcher<DcpExecutable>(notifications, logs, TellOfEnd);
        _background.Add(TellOfFailureAsync(watcher.WatchAsync(Client, _resources, _stopping.Token)));
        if (_resources.Any(resource => resource.IsContainer))
        {
            _background.Add(TellOfFailureAsync(new WorkloadWatcher<DcpContainer>(notifications, logs, TellOfEnd).WatchAsync(Client, _resources, _stopping.Token)));
        }

        _background.Add(WatchDcpAsync(_dcp, _stopping.Token));

        // All addresses before the first event: a subscriber may ask for another resource's endpoint.
        try
        {
            await new ServiceAllocator(options.Value).AllocateAsync(Client, _resources, linked.Token);
        }
        catch (HttpRequestException exception)
        {
            throw NoAnswer(exception);
        }

        // From here on the author's callbacks run. One that does not listen to its token must not keep the AppHost from stopping.
        await StartResourcesAsync(model, linked.Token).WaitAsync(linked.Token);
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

            foreach (var build in _resources.SelectMany(resource => resource.Resource.Annotations.OfType<DockerfileBuildAnnotation>()))
            {
                build.DeleteMaterialized();
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

    private async Task StartResourcesAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        foreach (var resource in _resources.Where(resource => resource.Endpoints.Count > 0))
        {
            await announcements.EndpointsAllocatedAsync(resource.Resource, cancellationToken);
        }

        foreach (var resource in model.Resources.Where(HasOwnUrls).Except(_resources.Where(resource => resource.Endpoints.Count > 0).Select(resource => resource.Resource)))
        {
            // The URL of what does not run here may stand in a parameter whose value is asked for: the start does not wait for it.
            var shown = announcements.ShowUrlsAsync(resource, _stopping.Token);
            if (EngineResource.Runs(resource))
            {
                await shown;
            }
        }

        var starting = _resources.ToLookup(resource => !resource.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>());
        foreach (var resource in starting[false])
        {
            await announcements.NotStartedAsync(resource.Resource);
        }

        await Task.WhenAll(starting[true].Select(resource => StartAsync(resource, resource.Instances, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        await announcements.AllCreatedAsync(model, cancellationToken);
    }

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

    private Task StartAsync(EngineInstance instance, CancellationToken cancellationToken) => instance.Owner.IsContainer
        ? StartAsync(instance, CreateContainerAsync, cancellationToken)
        : StartAsync(instance, CreateExecutableAsync, cancellationToken);

    private async Task StartAsync<T>(EngineInstance instance, Func<EngineInstance, CancellationToken, Task<T>> create, CancellationToken cancellationToken)
        where T : class, IDcpWorkload<T>
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            if (await Client.FindAsync<T>(instance.Id, cancellationToken) is { } former)
            {
                instance.Bury(former);
                await Client.DeleteAsync<T>(instance.Id, cancellationToken);
                while (await Client.FindAsync<T>(instance.Id, cancellationToken) is not null)
                {
                    await Task.Delay(PollInterval, cancellationToken);
                }
            }

            RefuseTakenPorts(instance.Owner);
            var workload = await create(instance, cancellationToken);
            instance.IsStopped = false;
            try
            {
                await Client.CreateAsync(workload, cancellationToken);
            }
            catch (HttpRequestException exception)
            {
                throw NoAnswer(exception);
            }
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    private static DcpException NoAnswer(HttpRequestException exception) =>
        new($"The Aspire engine (DCP) does not answer any more: {exception.Message}", exception);

    // A port with a proxy is DCP's own. One without is the process's, which would say less of who has it.
    private static void RefuseTakenPorts(EngineResource resource)
    {
        foreach (var endpoint in resource.Endpoints.Select(served => served.Endpoint).Where(endpoint => !endpoint.IsProxied && endpoint.Protocol == ProtocolType.Tcp))
        {
            if (endpoint.TargetPort is { } port && FreePorts.IsTaken(port))
            {
                throw new DistributedApplicationException(
                    $"Port {port}, on which resource '{resource.Resource.Name}' is to listen for its endpoint '{endpoint.Name}', is used by {PortOwner.Describe(port) ?? "another program"}.");
            }
        }
    }

    private Task<DcpExecutable> CreateExecutableAsync(EngineInstance instance, CancellationToken cancellationToken) =>
        builder.BuildAsync(instance, loggers.GetLogger(instance.Id), cancellationToken);

    private async Task<DcpContainer> CreateContainerAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        await runtime.RequireAsync(instance.Owner.Resource.Name, cancellationToken);
        _dcp!.HasContainers = true;
        await networking.CreateAsync(Client, _model!, cancellationToken);
        return await containers.BuildAsync(
            instance, Client, [.. _resources.SelectMany(resource => resource.Endpoints)], loggers.GetLogger(instance.Id), cancellationToken);
    }

    private async Task StopAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            if (instance.Owner.IsContainer)
            {
                await StopContainerAsync(instance, cancellationToken);
            }
            else
            {
                await StopExecutableAsync(instance, cancellationToken);
            }
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    private async Task StopExecutableAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        if (await Client.FindAsync<DcpExecutable>(instance.Id, cancellationToken) is not { IsFinal: false } executable)
        {
            return;
        }

        await AnnounceStopAsync(instance);
        var processes = executable.Status?.Pid is { } pid ? ProcessTree.Descendants((int)pid) : [];
        await Client.PatchAsync<DcpExecutable>(instance.Id, new DcpExecutablePatchSpec(Stop: true), cancellationToken);
        using var grace = new CancellationTokenSource(options.Value.ProcessStopGrace);
        await using var kill = grace.Token.Register(() => ProcessTree.Kill(processes));
        await WaitForEndAsync(instance, cancellationToken);
    }

    // Its engine kills it when it does not obey.
    private async Task StopContainerAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        if (await Client.FindAsync<DcpContainer>(instance.Id, cancellationToken) is { IsFinal: false })
        {
            await AnnounceStopAsync(instance);
            await Client.PatchAsync<DcpContainer>(instance.Id, new DcpExecutablePatchSpec(Stop: true), cancellationToken);
            await WaitForEndAsync(instance, cancellationToken);
        }
    }

    private Task AnnounceStopAsync(EngineInstance instance)
    {
        instance.IsStopped = true;
        return notifications.PublishUpdateAsync(instance.Owner.Resource, instance.Id, snapshot => snapshot with { State = KnownResourceStates.Stopping });
    }

    private static async Task WaitForEndAsync(EngineInstance instance, CancellationToken cancellationToken)
    {
        while (instance.Seen is not { IsFinal: true })
        {
            await Task.Delay(PollInterval, cancellationToken);
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

    // Nobody waits for it before the stop, and without it every state stays as it is.
    private async Task TellOfFailureAsync(Task watching)
    {
        try
        {
            await watching;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            logger.LogCritical(exception, "What the Aspire engine (DCP) says of its processes can no longer be followed. The application stops.");
            lifetime.StopApplication();
        }
    }

    private async Task WatchDcpAsync(DcpProcess dcp, CancellationToken cancellationToken)
    {
        try
        {
            await dcp.WaitForExitAsync(cancellationToken);
            HasEndedByItself = true;
            logger.LogCritical("The Aspire engine (DCP) has ended unexpectedly, and all processes with it. The application stops.");
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine stops.
        }
    }
}
