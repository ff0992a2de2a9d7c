using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Trellis.Messaging.Transport.Postgres;

/// <summary>A database as broker: durable queues, fan-out to groups, no other server needed.</summary>
internal sealed class PostgresTransport(
    NpgsqlDataSource database, IOptions<MessagingOptions> options, TimeProvider time, ILogger<PostgresTransport> logger) : IMessageTransport, IAsyncDisposable
{
    private const string PublishSql = """
        WITH new AS (
            INSERT INTO trellis.messages (id, type, partition_key, headers, body, routed)
            SELECT m.id, m.type, m.partition_key, m.headers::jsonb, m.body, EXISTS (SELECT FROM trellis.subscriptions s WHERE s.type = m.type)
            FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS m (id, type, partition_key, headers, body, place)
            ORDER BY m.place
            RETURNING seq, type, partition_key)
        INSERT INTO trellis.deliveries (group_id, seq, partition_key, visible_at)
        SELECT s.group_id, n.seq, n.partition_key, '-infinity'
        FROM new n JOIN trellis.subscriptions s ON s.type = n.type
        """;

    private readonly SemaphoreSlim _preparation = new(1);
    private bool _prepared;
    private bool _lost;

    public string System => "postgresql";

    public Task PingAsync(CancellationToken cancellationToken) => CallAsync(connection => SelectAsync(connection, cancellationToken), cancellationToken);

    public async Task<IReadOnlyDictionary<int, string>> PublishAsync(IReadOnlyList<TransportMessage> messages, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxMessageBytes;
        Dictionary<int, string> refused = [];
        List<TransportMessage> taken = [];
        for (var index = 0; index < messages.Count; index++)
        {
            if (messages[index].Body.Length > limit)
            {
                refused[index] = new MessageTooLargeException(messages[index].Type, messages[index].Body.Length, limit).Message;
            }
            else
            {
                taken.Add(messages[index]);
            }
        }

        if (taken.Count > 0)
        {
            await CallAsync(connection => StoreAsync(connection, taken, cancellationToken), cancellationToken);
        }

        return refused;
    }

    public async Task<IMessageReceiver> SubscribeAsync(string group, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        var id = await CallAsync(connection => SubscribeAsync(connection, group, [.. types], cancellationToken), cancellationToken);
        return new PostgresReceiver(this, database, id, options.Value, time, logger);
    }

    public Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string group, int limit, CancellationToken cancellationToken)
        => CallAsync(connection => PostgresDeadLetters.ReadAsync(connection, group, limit, cancellationToken), cancellationToken);

    public Task<int> RedriveAsync(string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken)
        => CallAsync(connection => PostgresDeadLetters.RedriveAsync(connection, group, messageIds, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _preparation.Dispose();
        await database.DisposeAsync();
    }

    /// <summary>Runs something on a connection to a prepared database, and says so when the database does not answer.</summary>
    internal async Task<TResult> CallAsync<TResult>(Func<NpgsqlConnection, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await PrepareAsync(connection, cancellationToken);
            return await call(connection);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The database was made anew under a running service.
            (_prepared, _lost) = (false, true);
            throw new TransportUnavailableException("The broker database lost its tables", failure) { LostSubscriptions = true };
        }
        catch (Exception failure) when (IsAbsence(failure))
        {
            throw new TransportUnavailableException($"The broker database does not answer: {failure.GetBaseException().Message}", failure);
        }
    }

    // What the server says about the statement itself is not absence; that it starts, stops or has no room is.
    private static bool IsAbsence(Exception failure) => failure switch
    {
        PostgresException answer => answer.IsTransient || answer.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.DiskFull
            || answer.SqlState.StartsWith("57", StringComparison.Ordinal) || answer.SqlState.StartsWith("28", StringComparison.Ordinal),
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_prepared)
        {
            return;
        }

        await _preparation.WaitAsync(cancellationToken);
        try
        {
            // Even what is there already would be locked for a moment, in a circle with those who use it.
            if (_lost || !await IsThereAsync(connection, cancellationToken))
            {
                // Statements of one text are one transaction, and all services start together.
                await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({BrokerSchema.Lock});\n{BrokerSchema.Sql}", connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            (_prepared, _lost) = (true, false);
        }
        finally
        {
            _preparation.Release();
        }
    }

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT to_regclass('{BrokerSchema.Last}') IS NOT NULL", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<int> SelectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM trellis.groups WHERE false", connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> StoreAsync(NpgsqlConnection connection, List<TransportMessage> messages, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock_shared({BrokerSchema.SubscriptionsLock})"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PublishSql)
        {
            Parameters =
            {
                Array(messages.Select(message => message.Id), NpgsqlDbType.Uuid),
                Array(messages.Select(message => message.Type), NpgsqlDbType.Text),
                Array(messages.Select(message => message.PartitionKey), NpgsqlDbType.Text),
                Array(messages.Select(message => JsonSerializer.Serialize(message.Headers)), NpgsqlDbType.Text),
                Array(messages.Select(message => message.Body), NpgsqlDbType.Bytea),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"NOTIFY {BrokerSchema.Channel}"));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> SubscribeAsync(NpgsqlConnection connection, string group, string[] types, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock({BrokerSchema.SubscriptionsLock})"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO trellis.groups (name) VALUES ($1) ON CONFLICT DO NOTHING")
        {
            Parameters = { new NpgsqlParameter { Value = group } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            INSERT INTO trellis.subscriptions (group_id, type)
            SELECT g.id, t FROM trellis.groups g CROSS JOIN unnest($2) AS t WHERE g.name = $1 ON CONFLICT DO NOTHING
            """)
        {
            Parameters = { new NpgsqlParameter { Value = group }, Array(types, NpgsqlDbType.Text) },
        });

        // What nobody had subscribed to waits for its first group.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            WITH first AS (UPDATE trellis.messages SET routed = true WHERE NOT routed AND type = ANY($2) RETURNING seq, partition_key)
            INSERT INTO trellis.deliveries (group_id, seq, partition_key, visible_at)
            SELECT g.id, f.seq, f.partition_key, '-infinity' FROM first f CROSS JOIN trellis.groups g WHERE g.name = $1
            """)
        {
            Parameters = { new NpgsqlParameter { Value = group }, Array(types, NpgsqlDbType.Text) },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT id FROM trellis.groups WHERE name = $1", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = group });
        var id = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
