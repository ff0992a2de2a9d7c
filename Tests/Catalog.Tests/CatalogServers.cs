using Trellis.Tests;

namespace Shop.Catalog.Tests;

/// <summary>The servers all tests of the catalogue share, and one catalogue on them that only reading tests use.</summary>
public sealed class CatalogServers : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    public RedisServer Redis { get; private set; } = null!;

    public CatalogApp Shared { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Redis = await RedisServer.StartAsync();
        Shared = await StartCatalogAsync();
    }

    /// <summary>A catalogue with a database of its own, ready to serve.</summary>
    public async Task<CatalogApp> StartCatalogAsync()
    {
        var app = new CatalogApp(Postgres.ConnectionString(await Postgres.CreateDatabaseAsync()), Redis.OwnDatabase());
        await app.BecomesReadyAsync();
        return app;
    }

    public async Task DisposeAsync()
    {
        await Shared.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
