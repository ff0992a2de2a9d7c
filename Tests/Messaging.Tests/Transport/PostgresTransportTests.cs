using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Trellis.Messaging.Transport;
using Trellis.Messaging.Transport.Postgres;

namespace Trellis.Messaging.Tests.Transport;

/// <summary>The PostgreSQL transport, on a broker database of its own for each test.</summary>
public sealed class PostgresTransportTests(PostgresFixture postgres) : TransportConformance, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private string _broker = string.Empty;

    public async Task InitializeAsync() => _broker = await postgres.Server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Nothing_is_left_of_a_message_that_every_group_has_completed()
    {
        var transport = (PostgresTransport)await OpenAsync();
        await using var disposal = transport;
        await using var a = await transport.SubscribeAsync("a", ["shop.x.v1"], default);
        await using var b = await transport.SubscribeAsync("b", ["shop.x.v1"], default);
        await transport.PublishAsync([new TransportMessage(Guid.NewGuid(), "shop.x.v1", null, new Dictionary<string, string>(), [1])], default);
        await a.CompleteAsync(await a.ReceiveAsync(1, default), default);
        Assert.Equal(1L, await postgres.Server.ExecuteAsync(_broker, "SELECT count(*) FROM trellis.messages"));
        await b.CompleteAsync(await b.ReceiveAsync(1, default), default);
        Assert.Equal(0L, await postgres.Server.ExecuteAsync(_broker, "SELECT count(*) FROM trellis.messages"));
    }

    [Fact]
    public async Task A_service_that_starts_waits_for_no_table_that_others_write()
    {
        var first = (PostgresTransport)await OpenAsync();
        await using var disposal = first;
        await first.PublishAsync([new TransportMessage(Guid.NewGuid(), "shop.x.v1", null, new Dictionary<string, string>(), [1])], default);
        await using var connection = new NpgsqlConnection(postgres.Server.ConnectionString(_broker));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var writing = new NpgsqlCommand("UPDATE trellis.messages SET routed = routed", connection, transaction);
        await writing.ExecuteNonQueryAsync();

        var second = (PostgresTransport)await OpenAsync();
        await using var disposalOfSecond = second;
        await second.PublishAsync([new TransportMessage(Guid.NewGuid(), "shop.x.v1", null, new Dictionary<string, string>(), [2])], default).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Members_that_take_at_the_same_time_never_hold_two_messages_of_a_key_out_of_turn()
    {
        var transport = (PostgresTransport)await OpenAsync();
        await using var disposal = transport;
        const int Keys = 5, PerKey = 60;
        await using var first = await transport.SubscribeAsync("a", ["shop.x.v1"], default);
        foreach (var number in Enumerable.Range(0, PerKey))
        {
            await transport.PublishAsync(
                [.. Enumerable.Range(0, Keys).Select(key => new TransportMessage(Guid.NewGuid(), "shop.x.v1", $"{key}", new Dictionary<string, string>(), [(byte)number]))],
                default);
        }

        var next = new int[Keys];
        var done = 0;
        List<string> faults = [];
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async member =>
        {
            await using var receiver = await transport.SubscribeAsync("a", ["shop.x.v1"], default);
            while (Volatile.Read(ref done) < Keys * PerKey)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
                IReadOnlyList<Delivery> taken;
                try
                {
                    taken = await receiver.ReceiveAsync(3, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                foreach (var delivery in taken)
                {
                    var key = int.Parse(delivery.Message.PartitionKey!);
                    if (Interlocked.Increment(ref next[key]) != delivery.Message.Body[0] + 1)
                    {
                        lock (faults)
                        {
                            faults.Add($"member {member}, key {key}, message {delivery.Message.Body[0]}");
                        }
                    }

                    await receiver.CompleteAsync([delivery], default);
                    Interlocked.Increment(ref done);
                }
            }
        }));
        Assert.Empty(faults);
        Assert.All(next, count => Assert.Equal(PerKey, count));
    }

    internal override Task<IMessageTransport> OpenAsync(Action<MessagingOptions>? configure = null)
    {
        var options = new MessagingOptions { PollInterval = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        return Task.FromResult<IMessageTransport>(new PostgresTransport(
            NpgsqlDataSource.Create(postgres.Server.ConnectionString(_broker)), Options.Create(options), TimeProvider.System, NullLogger<PostgresTransport>.Instance));
    }

    protected override Task KillBrokerAsync() => postgres.Server.KillAsync();

    protected override Task RestartBrokerAsync() => postgres.Server.RestartAsync();
}
