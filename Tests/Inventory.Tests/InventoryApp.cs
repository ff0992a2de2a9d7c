using System.Net;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Inventory.Rpc;

namespace Shop.Inventory.Tests;

/// <summary>The whole service in this process, on a real server and a port that the system chose.</summary>
public sealed class InventoryApp : WebApplicationFactory<Program>
{
    private readonly (string Key, string Value)[] _settings;
    private readonly Lazy<GrpcChannel> _channel;

    public InventoryApp(PostgresServer postgres, string database, string broker, params (string Key, string Value)[] settings)
    {
        (Postgres, Database, Broker, _settings) = (postgres, database, broker, settings);
        _channel = new Lazy<GrpcChannel>(() => GrpcChannel.ForAddress(Address));
        UseKestrel();
    }

    public PostgresServer Postgres { get; }

    public string Database { get; }

    public string Broker { get; }

    /// <summary>Where gRPC is spoken.</summary>
    public Uri Address
    {
        get
        {
            StartServer();
            return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        }
    }

    internal InventoryService.InventoryServiceClient Anonymous => new(_channel.Value);

    internal InventoryService.InventoryServiceClient Reader => With(TestTokens.Mint("inventory.read"));

    internal InventoryService.InventoryServiceClient Clerk => With(TestTokens.Mint("inventory.read inventory.write"));

    internal GrpcChannel Channel => _channel.Value;

    /// <summary>Another replica on the same databases.</summary>
    public async Task<InventoryApp> ReplicateAsync()
    {
        var replica = new InventoryApp(Postgres, Database, Broker, _settings);
        await replica.BecomesReadyAsync();
        return replica;
    }

    internal InventoryService.InventoryServiceClient With(string token) => new(_channel.Value.Intercept(metadata =>
    {
        metadata.Add("authorization", $"Bearer {token}");
        return metadata;
    }));

    public Task BecomesReadyAsync() => Eventually.TrueAsync(async () => await ReadyAsync() == HttpStatusCode.OK, "The inventory was not ready");

    public async Task<HttpStatusCode> ReadyAsync()
    {
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.GetAsync(new Uri(Address, "/ready"));
        return response.StatusCode;
    }

    /// <summary>A product that the inventory knows, with so many pieces of it.</summary>
    public async Task<Guid> AddProductAsync(int pieces)
    {
        var id = Guid.CreateVersion7();
        await SqlAsync($"INSERT INTO stock (product_id, on_hand, reserved, shipped, version) VALUES ('{id}', {pieces}, 0, 0, 1)");
        return id;
    }

    internal async Task<StockLevel> LevelAsync(Guid productId) => await Reader.GetStockAsync(new GetStockRequest { ProductId = productId.ToString() });

    /// <summary>Runs one statement on the inventory's database and returns its first value.</summary>
    public Task<object?> SqlAsync(string sql) => Postgres.ExecuteAsync(Database, sql);

    public override async ValueTask DisposeAsync()
    {
        if (_channel.IsValueCreated)
        {
            _channel.Value.Dispose();
        }

        await base.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls("http://127.0.0.1:0");
        builder.UseSetting("ConnectionStrings:inventorydb", Postgres.ConnectionString(Database));
        builder.UseSetting("ConnectionStrings:broker", Postgres.ConnectionString(Broker));
        builder.UseSetting("Messaging:PollInterval", "00:00:00.200");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in TestTokens.Settings)
        {
            builder.UseSetting(key, value);
        }

        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
