namespace Shop.Ordering.Tests;

/// <summary>The server all tests of Ordering share, and one Ordering on it, with the services around it, that only tests of single orders use.</summary>
public sealed class OrderingServers : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>Every test uses orders of its own.</summary>
    public OrderingApp Shared { get; private set; } = null!;

    internal Others Others { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Shared = await StartOrderingAsync();
        Others = await Others.StartAsync(Shared);
    }

    /// <summary>An Ordering with databases and a catalogue of its own, ready to serve.</summary>
    public async Task<OrderingApp> StartOrderingAsync(params (string Key, string Value)[] settings)
    {
        var app = new OrderingApp(Postgres, await Postgres.CreateDatabaseAsync(), await Postgres.CreateDatabaseAsync(), await Shelf.StartAsync(), settings);
        await app.BecomesReadyAsync();
        return app;
    }

    public async Task DisposeAsync()
    {
        if (Others is not null)
        {
            await Others.DisposeAsync();
        }

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
