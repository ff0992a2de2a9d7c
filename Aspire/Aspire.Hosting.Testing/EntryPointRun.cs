using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>One run of an AppHost's entry point, in a thread of its own, held at the places where the test takes over.</summary>
internal sealed class EntryPointRun(Assembly appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    : BuilderInterceptor, IAsyncDisposable
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayBuild = new();
    private readonly CancellationTokenSource _done = new();
    private Task _entryPoint = Task.CompletedTask;
    private int _disposed;

    public async Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var main = appHost.EntryPoint
            ?? throw new InvalidOperationException($"Assembly of specified type {appHost.GetName().Name} does not have an entry point.");

        // A thread of its own, because the entry point is held while it builds.
        _entryPoint = Task.Factory.StartNew(() => Invoke(main), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        return await _described.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.Set();
        return await _built.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings hostSettings)
    {
        TestingDefaults.Apply(options, hostSettings, args, appHost);
        configure(options, hostSettings);
    }

    public override void Building(DistributedApplicationBuilder builder)
    {
        TestingDefaults.AddServices(builder.Services);
        _described.TrySetResult(builder);
        _mayBuild.Wait(_done.Token);
    }

    public override void Built(DistributedApplication application) => _built.TrySetResult(application);

    public override async Task RunningAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _done.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _done.CancelAsync().ConfigureAwait(false);
        await _entryPoint.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _mayBuild.Dispose();
        _done.Dispose();
    }

    private async Task Invoke(MethodInfo main)
    {
        Current = this;
        try
        {
            object?[] parameters = main.GetParameters().Length == 0 ? [] : [args];
            if (main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null) is Task task)
            {
                await task.ConfigureAwait(false);
            }

            throw new InvalidOperationException($"The entry point of {appHost.GetName().Name} ended without building a distributed application.");
        }
        catch (Exception exception)
        {
            _described.TrySetException(exception);
            _built.TrySetException(exception);
        }
    }
}
