using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Trellis.Messaging.Transport.Postgres;

/// <summary>A member of a group: takes deliveries by setting their lease, and settles them by token.</summary>
internal sealed class PostgresReceiver : IMessageReceiver
{
    /// <summary>
    /// Takes what is due, in order. Left out is what follows a started message of its key that is not taken with it: one that another member
    /// holds, that waits for its retry, or whose row is locked at this moment by somebody who settles it. Members take one after the other, so that
    /// none sees half of what another takes. Ends with the message that reaches 8 MiB.
    /// </summary>
    private const string TakeSql = """
        WITH due AS MATERIALIZED (
            SELECT d.seq, d.partition_key FROM trellis.deliveries d
            WHERE d.group_id = $1 AND d.visible_at <= statement_timestamp()
              AND NOT EXISTS (
                SELECT FROM trellis.deliveries e
                WHERE e.group_id = $1 AND e.partition_key = d.partition_key AND e.seq < d.seq AND e.attempts > 0 AND e.visible_at > statement_timestamp())
            ORDER BY d.seq LIMIT $2
            FOR UPDATE SKIP LOCKED),
        free AS (
            SELECT d.seq, sum(octet_length(m.body)) OVER (ORDER BY d.seq) - octet_length(m.body) AS before
            FROM due d JOIN trellis.messages m ON m.seq = d.seq
            WHERE NOT EXISTS (
                SELECT FROM trellis.deliveries e
                WHERE e.group_id = $1 AND e.partition_key = d.partition_key AND e.seq < d.seq AND e.attempts > 0
                  AND e.seq NOT IN (SELECT o.seq FROM due o))),
        taken AS MATERIALIZED (SELECT seq FROM free WHERE before < 8388608),
        leased AS (
            UPDATE trellis.deliveries d SET visible_at = statement_timestamp() + $3, attempts = d.attempts + 1, token = $4
            FROM taken t WHERE d.group_id = $1 AND d.seq = t.seq
            RETURNING d.seq, d.attempts)
        SELECT l.seq, l.attempts, m.id, m.type, m.partition_key, m.headers, m.body
        FROM leased l JOIN trellis.messages m ON m.seq = l.seq ORDER BY l.seq
        """;

    private const string CompleteSql = """
        WITH done AS (DELETE FROM trellis.deliveries d USING unnest($2, $3) AS u (seq, token) WHERE d.group_id = $1 AND d.seq = u.seq AND d.token = u.token RETURNING d.seq)
        DELETE FROM trellis.messages m USING done
        WHERE m.seq = done.seq AND NOT EXISTS (SELECT FROM trellis.deliveries o WHERE o.seq = m.seq AND o.group_id <> $1)
        """;

    private const string ReleaseSql = """
        UPDATE trellis.deliveries d
        SET visible_at = CASE WHEN $4 > interval '0' THEN statement_timestamp() + $4 ELSE '-infinity' END,
            attempts = CASE WHEN $4 > interval '0' THEN greatest(d.attempts - 1, 1) ELSE d.attempts - 1 END, token = NULL
        FROM unnest($2, $3) AS u (seq, token)
        WHERE d.group_id = $1 AND d.seq = u.seq AND d.token = u.token AND d.visible_at > statement_timestamp()
        """;

    private const string RetrySql = """
        UPDATE trellis.deliveries SET visible_at = statement_timestamp() + $4, token = NULL
        WHERE group_id = $1 AND seq = $2 AND token = $3 AND visible_at > statement_timestamp()
        """;

    private const string DeadLetterSql = """
        WITH gone AS (DELETE FROM trellis.deliveries WHERE group_id = $1 AND seq = $2 AND token = $3 RETURNING seq, attempts),
        kept AS (
            INSERT INTO trellis.dead_letters (group_id, id, type, partition_key, headers, body, attempts, reason)
            SELECT $1, m.id, m.type, m.partition_key, m.headers, m.body, g.attempts, $4 FROM gone g JOIN trellis.messages m ON m.seq = g.seq RETURNING 1)
        SELECT count(*) FROM kept
        """;

    private const string RenewSql = """
        UPDATE trellis.deliveries d SET visible_at = statement_timestamp() + $4 FROM unnest($2, $3) AS u (seq, token)
        WHERE d.group_id = $1 AND d.seq = u.seq AND d.token = u.token AND d.visible_at > statement_timestamp() RETURNING d.seq
        """;

    /// <summary>What groups settled at the same moment as the last of each other, and what nobody ever subscribed to.</summary>
    private const string SweepSql = """
        DELETE FROM trellis.messages m
        WHERE NOT EXISTS (SELECT FROM trellis.deliveries d WHERE d.seq = m.seq)
          AND m.published_at < now() - CASE WHEN m.routed THEN interval '10 s' ELSE $1 END
        """;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    private readonly PostgresTransport _transport;
    private readonly int _group;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly AsyncSignal _wake = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _listening;
    private long _swept;

    public PostgresReceiver(PostgresTransport transport, NpgsqlDataSource database, int group, MessagingOptions options, TimeProvider time, ILogger logger)
    {
        (_transport, _group, _options, _time) = (transport, group, options, time);
        _swept = time.GetTimestamp();
        _listening = PostgresListener.RunAsync(
            BrokerSchema.Channel, async cancellationToken => await database.OpenConnectionAsync(cancellationToken), _wake.Set, time, logger, _closed.Token);
    }

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Not cancelled half-way: what is taken would stay out of reach until its lease ends.
            var taken = await _transport.CallAsync(connection => TakeAsync(connection, limit), CancellationToken.None);
            if (taken.Count > 0)
            {
                return taken;
            }

            if (_time.GetElapsedTime(_swept) > SweepInterval)
            {
                _swept = _time.GetTimestamp();
                await ExecuteAsync(SweepSql, cancellationToken, new NpgsqlParameter { Value = _options.UnroutedRetention });
            }

            await _wake.WaitAsync(_options.PollInterval, _time, cancellationToken);
        }
    }

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
        => ExecuteAsync(CompleteSql, cancellationToken, [Group, .. Receipts(deliveries)]);

    public async Task RetryAsync(Delivery delivery, TimeSpan pause, CancellationToken cancellationToken)
    {
        await ExecuteAsync(RetrySql, cancellationToken, [Group, .. Receipt(delivery), Value(pause)]);
        WakeAfter(pause);
    }

    public async Task ReleaseAsync(IReadOnlyList<Delivery> deliveries, TimeSpan pause, CancellationToken cancellationToken)
    {
        await ExecuteAsync(ReleaseSql, cancellationToken, [Group, .. Receipts(deliveries), Value(pause)]);
        await ExecuteAsync($"NOTIFY {BrokerSchema.Channel}", cancellationToken);
        WakeAfter(pause);
    }

    public async Task<bool> DeadLetterAsync(Delivery delivery, string reason, CancellationToken cancellationToken)
    {
        // PostgreSQL has no NUL in text.
        var text = reason.Replace("\0", "\\0", StringComparison.Ordinal);
        return await _transport.CallAsync(
            async connection =>
            {
                await using var command = Command(connection, DeadLetterSql, [Group, .. Receipt(delivery), Value(text)]);
                return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<Delivery>> RenewAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var kept = await _transport.CallAsync(
            async connection =>
            {
                await using var command = Command(connection, RenewSql, [Group, .. Receipts(deliveries), Value(_options.Lease)]);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                HashSet<long> rows = [];
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(reader.GetInt64(0));
                }

                return rows;
            },
            cancellationToken);
        return [.. deliveries.Where(delivery => !kept.Contains(((Place)delivery.Receipt).Seq))];
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _listening;
        _closed.Dispose();
    }

    private NpgsqlParameter Group => Value(_group);

    private static NpgsqlParameter Value(object value) => new() { Value = value };

    private static NpgsqlParameter[] Receipt(Delivery delivery)
    {
        var place = (Place)delivery.Receipt;
        return [Value(place.Seq), Value(place.Token)];
    }

    private static NpgsqlParameter[] Receipts(IReadOnlyList<Delivery> deliveries) =>
    [
        Value(deliveries.Select(delivery => ((Place)delivery.Receipt).Seq).ToArray()),
        Value(deliveries.Select(delivery => ((Place)delivery.Receipt).Token).ToArray()),
    ];

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) => _transport.CallAsync(
        async connection =>
        {
            await using var command = Command(connection, sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    // The next poll may be late for a short pause.
    private void WakeAfter(TimeSpan pause)
    {
        if (pause < _options.PollInterval)
        {
            _ = Task.Delay(pause, _time, _closed.Token)
                .ContinueWith(_ => _wake.Set(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    private async Task<IReadOnlyList<Delivery>> TakeAsync(NpgsqlConnection connection, int limit)
    {
        var token = Guid.CreateVersion7(_time.GetUtcNow());
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1, $2)")
        {
            Parameters = { Value(BrokerSchema.GroupLocks), Group },
        });

        // A statement after the lock, so that it sees what the last member has taken.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(TakeSql) { Parameters = { Group, Value(limit), Value(_options.Lease), Value(token) } });
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        List<Delivery> taken = [];
        while (await reader.ReadAsync())
        {
            taken.Add(new Delivery(ReadMessage(reader), reader.GetInt32(1), new Place(reader.GetInt64(0), token)));
        }

        return taken;
    }

    private static TransportMessage ReadMessage(DbDataReader reader) => new(
        reader.GetGuid(2),
        reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetString(4),
        JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5))!,
        reader.GetFieldValue<byte[]>(6));

    /// <summary>A delivery's place in the queue, and the token of this handing out.</summary>
    private sealed record Place(long Seq, Guid Token);
}
