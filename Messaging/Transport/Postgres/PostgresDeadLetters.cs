using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Trellis.Messaging.Transport.Postgres;

/// <summary>Reads the dead letters of a group and puts them back.</summary>
internal static class PostgresDeadLetters
{
    private const string ReadSql = """
        SELECT d.id, d.type, d.attempts, d.reason, d.headers, d.dead_at, d.body
        FROM trellis.dead_letters d JOIN trellis.groups g ON g.id = d.group_id WHERE g.name = $1 ORDER BY d.number LIMIT $2
        """;

    private const string RedriveSql = """
        WITH gone AS (
            DELETE FROM trellis.dead_letters d USING trellis.groups g
            WHERE g.id = d.group_id AND g.name = $1 AND ($2::uuid[] IS NULL OR d.id = ANY($2)) RETURNING d.*),
        ordered AS (SELECT nextval(pg_get_serial_sequence('trellis.messages', 'seq')) AS seq, g.* FROM (SELECT * FROM gone ORDER BY number) g),
        messages AS (
            INSERT INTO trellis.messages (seq, id, type, partition_key, headers, body, routed) OVERRIDING SYSTEM VALUE
            SELECT seq, id, type, partition_key, headers, body, true FROM ordered)
        INSERT INTO trellis.deliveries (group_id, seq, partition_key, visible_at) SELECT group_id, seq, partition_key, '-infinity' FROM ordered
        """;

    public static async Task<IReadOnlyList<DeadLetter>> ReadAsync(NpgsqlConnection connection, string group, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = group });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<DeadLetter> letters = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            letters.Add(new DeadLetter(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetInt32(2),
                reader.GetString(3),
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(4))!,
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<byte[]>(6)));
        }

        return letters;
    }

    public static async Task<int> RedriveAsync(
        NpgsqlConnection connection, string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var redrive = new NpgsqlBatchCommand(RedriveSql);
        redrive.Parameters.Add(new NpgsqlParameter { Value = group });
        redrive.Parameters.Add(new NpgsqlParameter
        {
            Value = (object?)messageIds?.ToArray() ?? DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        });
        batch.BatchCommands.Add(redrive);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"NOTIFY {BrokerSchema.Channel}"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)redrive.RecordsAffected;
    }
}
