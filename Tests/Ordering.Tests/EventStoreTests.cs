using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Ordering.Data;
using Shop.Ordering.EventStore;

namespace Shop.Ordering.Tests;

[Collection(OrderingCollection.Name)]
public sealed class EventStoreTests(OrderingServers servers)
{
    private readonly OrderingApp _ordering = servers.Shared;

    [Theory]
    [InlineData("UPDATE events SET data = '{}'")]
    [InlineData("DELETE FROM events")]
    [InlineData("TRUNCATE events")]
    public async Task What_is_written_stays(string sql)
    {
        await _ordering.PlaceAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _ordering.SqlAsync(sql));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    public async Task Of_many_who_write_the_same_version_one_wins()
    {
        var id = await _ordering.PlaceAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TryAppendAsync(id, version: 2)));

        Assert.Single(outcomes, written => written);
        Assert.Equal(2L, await _ordering.SqlAsync($"SELECT count(*) FROM events WHERE stream_id = '{id}'"));
    }

    [Fact]
    public async Task A_stream_has_no_gaps()
    {
        var id = await _ordering.PlaceAsync();

        Assert.False(await TryAppendAsync(id, version: 3));
    }

    // It has its number from its first write, before the other one came; in the order of all events its event would stand before the one it follows.
    [Fact]
    public async Task A_transaction_that_began_to_write_before_its_predecessor_begins_again()
    {
        var id = await _ordering.PlaceAsync();
        await using var connection = new NpgsqlConnection(_ordering.Postgres.ConnectionString(_ordering.Database));
        await connection.OpenAsync();
        await using var early = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "SELECT pg_current_xact_id()");
        Assert.True(await TryAppendAsync(id, version: 2));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, Insert(id, version: 3)));

        Assert.Equal(PostgresErrorCodes.SerializationFailure, refused.SqlState);
        Assert.True(await TryAppendAsync(id, version: 3));
    }

    // Who reads by number passes what is still under way, and who reads by transaction and remembers the number does, too.
    [Fact]
    public async Task A_reader_sees_every_event_once_however_the_writers_overtake_each_other()
    {
        await using var ordering = await servers.StartOrderingAsync();
        const int Writers = 8;
        const int EventsEach = 60;
        var seen = new List<(Guid Stream, int Version)>();
        var reader = Task.Run(() => ReadAsync(ordering, seen, Writers * EventsEach));

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(ordering, writer, EventsEach))));
        await reader.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Writers * EventsEach, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        foreach (var stream in seen.GroupBy(stored => stored.Stream))
        {
            Assert.Equal(Enumerable.Range(1, stream.Count()), stream.Select(stored => stored.Version));
        }
    }

    [Fact]
    public async Task An_event_is_read_only_when_nothing_can_come_before_it_any_more()
    {
        await using var ordering = await servers.StartOrderingAsync();
        await using var connection = new NpgsqlConnection(ordering.Postgres.ConnectionString(ordering.Database));
        await connection.OpenAsync();
        await using var slow = await connection.BeginTransactionAsync();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await ExecuteAsync(connection, Insert(first, version: 1));
        await ordering.SqlAsync(Insert(second, version: 1));

        Assert.Empty((await PageAsync(ordering, ""))["items"]!.AsArray());
        await slow.CommitAsync();

        // Other transactions of this server may hold it back for a moment.
        JsonNode page = null!;
        await Eventually.TrueAsync(async () => (page = await PageAsync(ordering, ""))["items"]!.AsArray().Count == 2, "The events did not come");
        Assert.Equal([first, second], page["items"]!.AsArray().Select(stored => (Guid)stored!["orderId"]!));
        Assert.Empty((await PageAsync(ordering, $"?after={(string)page["next"]!}"))["items"]!.AsArray());
        Assert.DoesNotContain("data", page.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?after=7")]
    [InlineData("?after=-")]
    [InlineData("?after=1-99999999999999999999999")]
    [InlineData("?limit=0")]
    public async Task A_place_that_is_none_is_refused(string query)
    {
        using var operators = _ordering.As("operator", scope: "operations.read");

        using var response = await operators.GetAsync($"/api/ordering/events{query}");

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task What_is_read_of_an_order_is_what_its_events_make_of_it()
    {
        var id = await _ordering.PlaceAsync(price: 333, quantity: 3);
        using var cancelled = await _ordering.CancelAsync(id);
        await servers.Others.SayAsync(new Shop.Inventory.Contract.StockReleased(id, Expired: false));
        await _ordering.BecomesAsync(id, "Cancelled");
        await using var scope = _ordering.Services.CreateAsyncScope();

        var (order, _) = (await scope.ServiceProvider.GetRequiredService<EventStream>().FindAsync(id, CancellationToken.None))!.Value;

        var row = await scope.ServiceProvider.GetRequiredService<OrderingDbContext>().Orders.AsNoTracking().SingleAsync(stored => stored.Id == id);
        Assert.Equivalent(Reading.OrderDetails.Of(order), row.Read());
        Assert.Equal((order.Version, order.Status, order.Customer), (row.Version, row.Status, row.Customer));
    }

    private static string Insert(Guid id, int version) =>
        $"INSERT INTO events (stream_id, version, type, data, recorded_at) VALUES ('{id}', {version}, 'stock-freed', '{{}}', now())";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<JsonNode> PageAsync(OrderingApp ordering, string query)
    {
        using var operators = ordering.As("operator", scope: "operations.read");
        return JsonNode.Parse(await operators.GetStringAsync($"/api/ordering/events{query}"))!;
    }

    /// <summary>Transactions that get their numbers and commit in any order, some of them never.</summary>
    private static async Task WriteAsync(OrderingApp ordering, int writer, int events)
    {
        var random = new Random(writer);
        await using var connection = new NpgsqlConnection(ordering.Postgres.ConnectionString(ordering.Database));
        await connection.OpenAsync();
        var (stream, version) = (Guid.CreateVersion7(), 1);
        for (var written = 0; written < events;)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await ExecuteAsync(connection, $"SELECT pg_current_xact_id(), pg_sleep({random.Next(5)} / 1000.0)");
            await ExecuteAsync(connection, Insert(stream, version));
            await ExecuteAsync(connection, $"SELECT pg_sleep({random.Next(5)} / 1000.0)");
            if (random.Next(10) == 0)
            {
                await transaction.RollbackAsync();
                continue;
            }

            await transaction.CommitAsync();
            (written, version) = (written + 1, version + 1);
            if (random.Next(8) == 0)
            {
                (stream, version) = (Guid.CreateVersion7(), 1);
            }
        }
    }

    private static async Task ReadAsync(OrderingApp ordering, List<(Guid Stream, int Version)> seen, int expected)
    {
        var position = EventPosition.Beginning;
        while (seen.Count < expected)
        {
            await using var scope = ordering.Services.CreateAsyncScope();
            var events = await scope.ServiceProvider.GetRequiredService<EventLog>().ReadAsync(position, 7, CancellationToken.None);
            seen.AddRange(events.Select(stored => (stored.StreamId, stored.Version)));
            position = events.Count > 0 ? new EventPosition(events[^1].TransactionId, events[^1].Position) : position;
        }
    }

    private async Task<bool> TryAppendAsync(Guid id, int version)
    {
        try
        {
            await _ordering.SqlAsync(Insert(id, version));
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure)
        {
            return false;
        }
    }
}
