using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Outbox;

/// <summary>Rows of the outbox in the hands of one relay: no other relay sees messages of their keys until the transaction ends.</summary>
internal sealed class OutboxBatch(NpgsqlTransaction transaction, string table) : IAsyncDisposable
{
    /// <summary>The first half of the names of advisory locks on partitions; any number.</summary>
    private const int PartitionLocks = 0x4F_42_50;

    /// <summary>A batch ends with the message that reaches this.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly NpgsqlConnection _connection = transaction.Connection!;

    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Whether another relay works on some of the partitions asked for.</summary>
    public required bool Shared { get; init; }

    public static async Task<OutboxBatch> TakeAsync(DbContext database, short[] partitions, int limit, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)database.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync(cancellationToken);
        }

        var table = TableName(database);
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var locked = await LockAsync(transaction, partitions, cancellationToken);
            return new OutboxBatch(transaction, table)
            {
                Shared = locked.Length < partitions.Length,
                Rows = locked.Length == 0 ? [] : await ReadAsync(transaction, table, locked, limit, cancellationToken),
            };
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public static string TableName(DbContext database)
    {
        var entity = database.Model.FindEntityType(typeof(OutboxMessage))
            ?? throw new InvalidOperationException($"{database.GetType().Name} has no outbox: call modelBuilder.AddMessaging() in OnModelCreating.");
        return database.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName()!, entity.GetSchema());
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

    // A relay that freezes does not hold its partitions for ever: the server ends its session.
    private static async Task<short[]> LockAsync(NpgsqlTransaction transaction, short[] partitions, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT coalesce(array_agg(p) FILTER (WHERE pg_try_advisory_xact_lock($1, p::int)), '{}'), set_config('idle_in_transaction_session_timeout', '60s', true)
            FROM unnest($2) AS p
            """,
            transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = PartitionLocks });
        command.Parameters.Add(new NpgsqlParameter { Value = partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        return (short[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // A statement after the locks, so that it sees what the last holder has deleted. Scheduled rows have an index of their own, so that those
    // not yet due are not read.
    private static async Task<List<Row>> ReadAsync(
        NpgsqlTransaction transaction, string table, short[] partitions, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT id, type, partition_key, headers, body, attempts FROM (
                 SELECT *, sum(octet_length(body)) OVER (ORDER BY position, ordinal) - octet_length(body) AS before FROM (
                     (SELECT * FROM {table} WHERE parked_at IS NULL AND deliver_at IS NULL AND partition = ANY($1) ORDER BY position, ordinal LIMIT $2)
                     UNION ALL
                     (SELECT * FROM {table} WHERE parked_at IS NULL AND deliver_at <= statement_timestamp() AND partition = ANY($1) ORDER BY deliver_at LIMIT $2)) AS due) AS summed
             WHERE before < {MaxBytes} ORDER BY position, ordinal
             """,
            transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Row> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(ReadRow(reader));
        }

        return rows;
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
