using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Outbox;

/// <summary>Rows of the outbox in the hands of one relay: no other relay sees messages of their keys until the transaction ends.</summary>
internal sealed class OutboxBatch(NpgsqlTransaction transaction, string table) : IAsyncDisposable
{
    /// <summary>The first half of the names of advisory locks on partitions; any number.</summary>
    private const int PartitionLocks = 0x4F_42_50;

    /// <summary>Carries the partitions that were locked to the next statement of the transaction.</summary>
    private const string LockedSetting = "trellis.outbox_locked";

    /// <summary>A batch ends with the message that reaches this.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly NpgsqlConnection _connection = transaction.Connection!;

    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Whether there may be more of the same partitions.</summary>
    public required bool IsFull { get; init; }

    /// <summary>Whether another relay works on some of the partitions asked for.</summary>
    public required bool Shared { get; init; }

    public static async Task<OutboxBatch> TakeAsync(DbContext database, string table, short[] partitions, int limit, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(database, cancellationToken);
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var (locked, rows) = await LockAndReadAsync(transaction, table, partitions, limit, cancellationToken);
            return new OutboxBatch(transaction, table)
            {
                Shared = locked < partitions.Length,
                Rows = rows,
                IsFull = rows.Count >= limit || rows.Sum(row => row.Message.Body.Length) >= MaxBytes,
            };
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>The partitions of the messages that are first in turn; none when nothing is to be sent.</summary>
    public static async Task<short[]> FindAsync(DbContext database, string table, int limit, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT coalesce(array_agg(DISTINCT partition), array[]::smallint[]) FROM (
                 (SELECT partition FROM {table} WHERE parked_at IS NULL AND deliver_at IS NULL ORDER BY position, ordinal LIMIT $1)
                 UNION ALL
                 (SELECT partition FROM {table} WHERE parked_at IS NULL AND deliver_at <= statement_timestamp() ORDER BY deliver_at LIMIT $1)) AS due
             """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return (short[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task DeleteAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"DELETE FROM {table} WHERE id = ANY($1)", _connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = ids });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes a failed attempt; with a reason, the row is parked and no longer tried.</summary>
    public async Task FailAsync(Guid id, string? parkedReason, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"UPDATE {table} SET attempts = attempts + 1, parked_at = CASE WHEN $2 IS NOT NULL THEN now() END, parked_reason = $2 WHERE id = $1",
            _connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)parkedReason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await transaction.DisposeAsync();

    private static async Task<NpgsqlConnection> OpenAsync(DbContext database, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)database.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync(cancellationToken);
        }

        return connection;
    }

    // Two statements in one round trip. The second sees what the last holder of the locks has deleted, which one alone would not. Scheduled rows have an index of
    // their own, so that those not yet due are not read. A relay that freezes does not hold its partitions for ever: the server ends its session.
    private static async Task<(int Locked, List<Row> Rows)> LockAndReadAsync(
        NpgsqlTransaction transaction, string table, short[] partitions, int limit, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(
                    $"""
                     SELECT cardinality(set_config('{LockedSetting}', coalesce(array_agg(p) FILTER (WHERE pg_try_advisory_xact_lock($1, p::int)), array[]::smallint[])::text, true)::smallint[]),
                         set_config('idle_in_transaction_session_timeout', '60s', true)
                     FROM unnest($2) AS p
                     """)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<int> { TypedValue = PartitionLocks },
                        new NpgsqlParameter { Value = partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint },
                    },
                },
                new NpgsqlBatchCommand(
                    $"""
                     WITH locked AS MATERIALIZED (SELECT current_setting('{LockedSetting}')::smallint[] AS partitions)
                     SELECT id, type, partition_key, headers, body, attempts FROM (
                         SELECT *, sum(octet_length(body)) OVER (ORDER BY position, ordinal) - octet_length(body) AS before FROM (
                             (SELECT * FROM {table} WHERE parked_at IS NULL AND deliver_at IS NULL AND partition = ANY((SELECT partitions FROM locked)::smallint[])
                                 ORDER BY position, ordinal LIMIT $1)
                             UNION ALL
                             (SELECT * FROM {table} WHERE parked_at IS NULL AND deliver_at <= statement_timestamp() AND partition = ANY((SELECT partitions FROM locked)::smallint[])
                                 ORDER BY deliver_at LIMIT $1)) AS due) AS summed
                     WHERE before < {MaxBytes} ORDER BY position, ordinal
                     """)
                {
                    Parameters = { new NpgsqlParameter<int> { TypedValue = limit } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var locked = reader.GetInt32(0);
        List<Row> rows = [];
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(ReadRow(reader));
        }

        return (locked, rows);
    }

    private static Row ReadRow(DbDataReader reader) => new(
        new TransportMessage(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetString(2),
            JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3))!,
            reader.GetFieldValue<byte[]>(4)),
        reader.GetInt32(5));

    internal sealed record Row(TransportMessage Message, int Attempts);
}
