namespace Shop.Payments.Tests;

/// <summary>The server all tests share, and one system on it whose provider behaves well.</summary>
public sealed class PaymentsServers : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>Every test uses orders of its own.</summary>
    public PaymentsSystem Shared { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Shared = await PaymentsSystem.StartAsync(Postgres);
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
