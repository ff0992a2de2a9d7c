using Xunit.Abstractions;

namespace Trellis.Messaging.Tests;

/// <summary>The bank with a database as broker.</summary>
public sealed class PostgresKilledTests(ITestOutputHelper output) : KilledTests(output)
{
    internal override async Task<IKillableBroker> StartBrokerAsync()
    {
        var server = await PostgresServer.StartAsync(durable: true);
        return new Broker(server, await server.CreateDatabaseAsync());
    }

    private sealed class Broker(PostgresServer server, string database) : IKillableBroker
    {
        public string ConnectionString => server.ConnectionString(database);

        public Task KillAsync() => server.KillAsync();

        public Task RestartAsync() => server.RestartAsync();

        public async Task<long> CountWaitingAsync() => (long)(await server.ExecuteAsync(database, "SELECT count(*) FROM trellis.deliveries"))!;

        public async Task<long> CountDeadLettersAsync() => (long)(await server.ExecuteAsync(database, "SELECT count(*) FROM trellis.dead_letters"))!;

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
