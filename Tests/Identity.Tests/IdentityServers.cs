using Trellis.Tests;

namespace Shop.Identity.Tests;

/// <summary>The PostgreSQL server that all tests share, and one Identity on it.</summary>
public sealed class IdentityServers : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>For tests that neither stop it nor guess secrets.</summary>
    public IdentityApp Shared { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Shared = await StartAsync();
    }

    /// <summary>An Identity with a database of its own, ready to serve.</summary>
    public async Task<IdentityApp> StartAsync()
    {
        var app = new IdentityApp(await NewDatabaseAsync());
        await app.BecomesReadyAsync();
        return app;
    }

    public async Task<string> NewDatabaseAsync() => Postgres.ConnectionString(await Postgres.CreateDatabaseAsync());

    /// <summary>Runs one statement in the database of a connection string and returns its first value.</summary>
    public Task<object?> ExecuteAsync(string database, string sql) =>
        Postgres.ExecuteAsync(new Npgsql.NpgsqlConnectionStringBuilder(database).Database!, sql);

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
