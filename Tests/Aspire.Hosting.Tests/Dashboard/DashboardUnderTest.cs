using System.Reflection;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>The AppHost's half of the dashboard, with a model that the test fills.</summary>
internal sealed class DashboardUnderTest : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly List<GrpcChannel> _channels = [];

    private DashboardUnderTest(IHost host) => _host = host;

    public Uri? ServiceUrl { get; private set; }

    public required RecordedLog Log { get; init; }

    public ResourceNotificationService Notifications => _host.Services.GetRequiredService<ResourceNotificationService>();

    public ResourceLoggerService Logs => _host.Services.GetRequiredService<ResourceLoggerService>();

    public ResourceFeed Feed => _host.Services.GetRequiredService<ResourceFeed>();

    public IInteractionService Interactions => _host.Services.GetRequiredService<IInteractionService>();

    public DashboardOptions Options => _host.Services.GetRequiredService<DashboardOptions>();

    public DashboardLauncher Launcher => _host.Services.GetRequiredService<DashboardLauncher>();

    public IHostApplicationLifetime Lifetime => _host.Services.GetRequiredService<IHostApplicationLifetime>();

    public static DashboardUnderTest Create(params (string Setting, string? Value)[] settings) =>
        Create(typeof(DashboardUnderTest).Assembly, settings);

    /// <summary>The AppHost of an assembly.</summary>
    /// <param name="appHost">The assembly into which the build wrote where it restored the dashboard.</param>
    /// <param name="settings">The AppHost's configuration.</param>
    public static DashboardUnderTest Create(Assembly appHost, params (string Setting, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Some.AppHost" });

        // The binary is the one that the surroundings name, or else the one that the build restored; all ports are the system's choice.
        builder.Configuration["ASPIRE_DASHBOARD_PATH"] = Environment.GetEnvironmentVariable("ASPIRE_DASHBOARD_PATH");
        builder.Configuration["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (setting, value) in settings)
        {
            builder.Configuration[setting] = value;
        }

        builder.Services.AddSingleton(new DistributedApplicationOptions { AssemblyName = appHost.GetName().Name });
        builder.Services.AddSingleton(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run));
        builder.Services.AddSingleton<ResourceNotificationService>();
        builder.Services.AddSingleton<ResourceLoggerService>();
        builder.Services.AddSingleton(new DistributedApplicationModel(new ResourceCollection()));
        builder.Services.AddSingleton(provider => new ResourceCommandService(
            provider.GetRequiredService<DistributedApplicationModel>(),
            provider.GetRequiredService<ResourceNotificationService>(),
            provider.GetRequiredService<ResourceLoggerService>(),
            provider));
        builder.Services.AddDashboard();
        var log = new RecordedLog();
        builder.Logging.AddProvider(log);
        return new DashboardUnderTest(builder.Build()) { Log = log };
    }

    public static async Task<DashboardUnderTest> StartServiceAsync(params (string Setting, string? Value)[] settings)
    {
        var dashboard = Create(settings);
        dashboard.ServiceUrl = await dashboard._host.Services.GetRequiredService<DashboardResourceService>().StartAsync(CancellationToken.None);
        return dashboard;
    }

    /// <summary>A client as the dashboard is one.</summary>
    public Wire.DashboardService.DashboardServiceClient Client()
    {
        var channel = GrpcChannel.ForAddress(ServiceUrl!, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false } });
        _channels.Add(channel);
        return new(channel);
    }

    /// <summary>What a call carries; the right key unless the test has another.</summary>
    public CallOptions Call(CancellationToken cancellationToken, string? key = null) =>
        new(new Metadata { { DashboardResourceService.ApiKeyHeader, key ?? Options.ResourceServiceApiKey } }, cancellationToken: cancellationToken);

    /// <summary>Opens the stream of resources and reads what it begins with.</summary>
    public async Task<(IReadOnlyList<Wire.Resource> Initial, IAsyncStreamReader<WatchResourcesUpdate> Stream)> WatchAsync(CancellationToken cancellationToken)
    {
        var stream = Client().WatchResources(new WatchResourcesRequest(), Call(cancellationToken)).ResponseStream;
        Assert.True(await stream.MoveNext(cancellationToken));
        Assert.Equal(WatchResourcesUpdate.KindOneofCase.InitialData, stream.Current.KindCase);
        return (stream.Current.InitialData.Resources, stream);
    }

    /// <summary>Publishes a state and waits until new watchers would see it.</summary>
    public async Task PublishAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> change, CancellationToken cancellationToken)
    {
        await Notifications.PublishUpdateAsync(resource, change);
        Assert.True(Notifications.TryGetCurrentState(resource.Name, out var state));
        await Wait.UntilAsync(
            () =>
            {
                using var subscription = Feed.Subscribe();
                return subscription.Initial.Any(known => known.Name == state.ResourceId && known.State == (state.Snapshot.State?.Text ?? ""));
            },
            $"{resource.Name} was not shown",
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
