using Aspire.Hosting.Testing;
using Trellis.Hosting.Testing;

namespace Shop.Tests;

/// <summary>The AppHost's application, started in this process by the testing builder, without a dashboard.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ShopApplication : IAsyncLifetime
{
    private readonly RunFolder _folder = new();
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication _application = null!;

    /// <summary>Calls the gateway as the world does.</summary>
    public HttpClient Gateway { get; private set; } = null!;

    /// <summary>Calls the gateway's endpoint that the world does not reach.</summary>
    public HttpClient Management { get; private set; } = null!;

    /// <summary>A client of the gateway with a token that may write products.</summary>
    public HttpClient Editor { get; private set; } = null!;

    /// <summary>What the services say of themselves.</summary>
    public TelemetryReceiver Telemetry { get; private set; } = null!;

    /// <summary>A client of one of a service's endpoints, past the gateway.</summary>
    public HttpClient ClientOf(string resource, string endpoint) => _application.CreateHttpClient(resource, endpoint);

    /// <summary>Where a database is.</summary>
    public async Task<string> ConnectionStringAsync(string database) => (await _application.GetConnectionStringAsync(database))!;

    /// <summary>Does what a person does who chooses a command in the dashboard.</summary>
    public Task<ExecuteCommandResult> CommandAsync(string resource, string command) => _application.ResourceCommands.ExecuteCommandAsync(resource, command);

    public async Task InitializeAsync()
    {
        using var deadline = new CancellationTokenSource(ShopRun.StartTimeout);
        try
        {
            _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
                [
                    $"--Processes:DataRoot={_folder.Data}",
                    "--Parameters:postgres-password=Prepared0Password",
                    "--Parameters:cache-password=Prepared0Password",
                    "--Parameters:identity-key-secret=Prepared0KeySecret",
                ],
                deadline.Token);
            Telemetry = _builder.AddTelemetryReceiver();
            _application = await _builder.BuildAsync(deadline.Token);
            await _application.StartHealthyAsync(ShopRun.StartTimeout, deadline.Token);
            Gateway = _application.CreateHttpClient("gateway", "http");
            Management = _application.CreateHttpClient("gateway", "management");
            Editor = _application.CreateHttpClient("gateway", "http");
            Editor.DefaultRequestHeaders.Authorization = await DemoTokens.GetAsync(Gateway, "catalog.write", cancellationToken: deadline.Token);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }

        _folder.Dispose();
    }
}
