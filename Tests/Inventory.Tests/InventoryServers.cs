namespace Shop.Inventory.Tests;

/// <summary>The server all tests of the inventory share, and one inventory on it that only tests of single products use.</summary>
public sealed class InventoryServers : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>Every test uses products and orders of its own.</summary>
    public InventoryApp Shared { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Shared = await StartInventoryAsync();
    }

    /// <summary>An inventory with databases of its own, ready to serve.</summary>
    public async Task<InventoryApp> StartInventoryAsync(params (string Key, string Value)[] settings)
    {
        var app = new InventoryApp(Postgres, await Postgres.CreateDatabaseAsync(), await Postgres.CreateDatabaseAsync(), settings);
        await app.BecomesReadyAsync();
        return app;
    }

    /// <summary>An inventory whose probes are on a port of their own; it may not be ready yet.</summary>
    public async Task<InventoryApp> StartInventoryWithManagementAsync(int port) =>
        new(Postgres, await Postgres.CreateDatabaseAsync(), await Postgres.CreateDatabaseAsync(), ("Management:Port", $"{port}"));

    public async Task DisposeAsync()
    {
        if (Shared is not null)
        {
            await Shared.DisposeAsync();
        }

        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }
    }
}
