using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application that has been described and can be run or published.</summary>
/// <param name="host">The AppHost's generic host.</param>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private int _prepared;

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>The state of every resource.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Runs the commands of resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>The test that runs the application in the entry point's place.</summary>
    internal BuilderInterceptor? Interceptor { get; init; }

    /// <summary>A builder without a command line.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>A builder with the AppHost's command line.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return CreateBuilder(new DistributedApplicationOptions { Args = args });
    }

    /// <summary>A builder with options.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs or publishes the application, as the command line says; ends with it.</summary>
    public void Run()
    {
        try
        {
            RunAsync().GetAwaiter().GetResult();
        }
        catch (DistributedApplicationException exception)
        {
            // What the author or the machine got wrong needs a message, not a stack trace.
            Console.Error.WriteLine(exception.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Runs or publishes the application, as the command line says; ends with it.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (Interceptor is not null)
        {
            await Interceptor.RunningAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();

        // The host sees to SIGINT and SIGTERM. A terminal that is closed sends SIGHUP, which would end this process alone.
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            lifetime.StopApplication();
        });
        try
        {
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while it was still starting. All that had been started has ended.
        }
    }

    /// <summary>Starts the application: every resource has been handed to the engine when this ends.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the application and every process that it started.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        host.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets subscribers have their last say about the model, before any hosted service starts.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _prepared, 1) != 0)
        {
            return;
        }

        var eventing = Services.GetRequiredService<IDistributedApplicationEventing>();
        var executionContext = Services.GetRequiredService<DistributedApplicationExecutionContext>();
        foreach (var subscriber in Services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, executionContext, cancellationToken).ConfigureAwait(false);
        }

        var model = Services.GetRequiredService<DistributedApplicationModel>();
        await eventing.PublishAsync(new BeforeStartEvent(Services, model), cancellationToken).ConfigureAwait(false);
    }
}
