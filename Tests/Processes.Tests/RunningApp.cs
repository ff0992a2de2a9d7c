using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>An AppHost on the real engine whose servers keep their data in a test's folder; nothing of it runs after the test.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly CancellationTokenSource _ended = new();

    private Task _started = Task.CompletedTask;

    private RunningApp(DistributedApplication app) => App = app;

    public DistributedApplication App { get; }

    public string Log => string.Join('\n', _log);

    public static IDistributedApplicationBuilder Builder(TemporaryFolder folder, params IEnumerable<(string Name, string? Value)> settings)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            AssemblyName = typeof(RunningApp).Assembly.GetName().Name,
            DisableDashboard = true,
        });
        builder.Configuration[DataFolders.RootSetting] = folder.Path;
        builder.Configuration["Parameters:postgres-password"] = "postgres' {secret}";
        builder.Configuration["Parameters:cache-password"] = "cachesecret";
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        return builder;
    }

    /// <summary>Begins to start the model, and collects the log of one resource from the beginning.</summary>
    public static RunningApp Start(IDistributedApplicationBuilder builder, IResource logOf)
    {
        var running = new RunningApp(builder.Build());
        _ = running.CollectAsync(logOf);
        // Not awaited: it ends when nothing waits for another resource any more.
        running._started = running.App.StartAsync();
        return running;
    }

    public async Task HealthyAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, deadline.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or DistributedApplicationException)
        {
            Assert.Fail($"'{resource}' did not become healthy: {exception.Message}\n{Log}");
        }
    }

    public async Task<CustomResourceSnapshot> StateAsync(string resource, Func<CustomResourceSnapshot, bool> isExpected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return (await App.ResourceNotifications.WaitForResourceAsync(resource, update => isExpected(update.Snapshot), deadline.Token)).Snapshot;
    }

    public async Task LogsAsync(string text) => await Eventually.TrueAsync(() => Log.Contains(text, StringComparison.Ordinal), $"'{text}' in\n{Log}");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _started.WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            await App.StopAsync();
            await _ended.CancelAsync();
            await App.DisposeAsync();
            _ended.Dispose();
        }
    }

    private async Task CollectAsync(IResource resource)
    {
        try
        {
            await foreach (var lines in App.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(_ended.Token))
            {
                foreach (var line in lines)
                {
                    _log.Enqueue(line.Content);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
