using System.Diagnostics;
using Aspire.Hosting.Testing;
using Npgsql;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The whole shop, started by the testing builder, whose processes can be killed one by one and started again.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class KillableShop : IAsyncDisposable
{
    private readonly RunFolder _folder = new();
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication _application = null!;

    /// <summary>Where the world comes in.</summary>
    public Uri Gateway => _application.GetEndpoint("gateway", "http");

    /// <summary>Starts everything and waits until it is healthy.</summary>
    /// <param name="arguments">The AppHost's.</param>
    public static async Task<KillableShop> StartAsync(params string[] arguments)
    {
        var shop = new KillableShop();
        using var deadline = new CancellationTokenSource(ShopRun.StartTimeout);
        try
        {
            shop._builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
                [
                    $"--Processes:DataRoot={shop._folder.Data}",
                    "--Parameters:postgres-password=Prepared0Password",
                    "--Parameters:cache-password=Prepared0Password",
                    "--Parameters:identity-key-secret=Prepared0KeySecret",
                    .. arguments,
                ],
                deadline.Token);
            shop._application = await shop._builder.BuildAsync(deadline.Token);
            await shop._application.StartHealthyAsync(ShopRun.StartTimeout, deadline.Token);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of a resource's endpoint.</summary>
    public HttpClient Client(string resource, string endpoint = "http") => _application.CreateHttpClient(resource, endpoint);

    /// <summary>What a query says, one row. Each on a connection of its own: the server may have been killed since the last.</summary>
    public async Task<T> QueryAsync<T>(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{await _application.GetConnectionStringAsync(database)};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until the catalogue has heard of the stock of all products, which takes a while after a first start.</summary>
    public Task StockIsKnownAsync() => Eventually.TrueAsync(
        async () => await QueryAsync<long>("catalogdb", "SELECT count(*) FROM products") == await QueryAsync<long>("catalogdb", "SELECT count(*) FROM product_stock"),
        "The inventory did not tell of all products",
        seconds: 120);

    /// <summary>Kills a resource's process with all that it has started (SIGKILL) and waits until that is noticed.</summary>
    public async Task KillAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(ShopRun.StartTimeout);
        var running = await _application.ResourceNotifications.WaitForResourceAsync(resource, current => ProcessOf(current) is not null, deadline.Token);
        var process = ProcessOf(running)!.Value;
        foreach (var victim in ProcessTable.Read().Descendants(process).Prepend(process).ToArray())
        {
            Kill(victim);
        }

        await _application.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, deadline.Token);
    }

    /// <summary>Starts a resource again.</summary>
    public async Task StartAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(ShopRun.StartTimeout);
        var result = await _application.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, deadline.Token);
        Assert.True(result.Success, $"{resource} could not be started: {result.Message}");
    }

    /// <summary>Waits until a resource is healthy.</summary>
    public async Task HealthyAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(ShopRun.StartTimeout);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync(resource, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static int? ProcessOf(ResourceEvent current) =>
        current.Snapshot.State?.Text == KnownResourceStates.Running && current.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
