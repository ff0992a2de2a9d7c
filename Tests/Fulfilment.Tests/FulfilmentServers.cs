namespace Shop.Fulfilment.Tests;

/// <summary>The server all tests share, and one system on it whose carrier behaves well.</summary>
public sealed class FulfilmentServers : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>Every test uses orders of its own.</summary>
    public FulfilmentSystem Shared { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Shared = await FulfilmentSystem.StartAsync(Postgres);
    }

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
