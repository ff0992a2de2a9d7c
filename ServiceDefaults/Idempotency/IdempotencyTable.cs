using System.Data.Common;
using System.Globalization;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>
/// The table <c>idempotency_keys</c> in the service's PostgreSQL database. A key is inserted, and its answer stored, in one transaction: PostgreSQL
/// itself makes a second request with the key wait until the first is committed or gone, whether it ended, failed or crashed.
/// </summary>
internal static class IdempotencyTable
{
    public const string LockNotAvailable = "55P03";

    public static async Task CreateAsync(DbDataSource database, CancellationToken cancellationToken)
    {
        await using var create = database.CreateCommand(
            """
            CREATE TABLE IF NOT EXISTS idempotency_keys (
                caller text NOT NULL,
                key text NOT NULL,
                fingerprint bytea NOT NULL,
                expires_at timestamptz NOT NULL,
                status integer,
                content_type text,
                location text,
                entity_tag text,
                body bytea,
                PRIMARY KEY (caller, key));
            CREATE INDEX IF NOT EXISTS idempotency_keys_expires_at ON idempotency_keys (expires_at);
            """);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<int> ForgetAsync(DbDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var forget = database.CreateCommand("DELETE FROM idempotency_keys WHERE expires_at <= @now");
        Add(forget, "now", now);
        return await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes the key for this transaction; null if it is taken, otherwise the answer it was taken for.</summary>
    /// <exception cref="DbException">With state <see cref="LockNotAvailable"/>: somebody is still at work under this key.</exception>
    public static async Task<StoredAnswer?> TakeAsync(
        DbTransaction transaction, string caller, string key, byte[] fingerprint, DateTimeOffset now, IdempotencySettings settings,
        CancellationToken cancellationToken)
    {
        await using var take = Command(
            transaction,
            string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(long)settings.Patience.TotalMilliseconds};")
            + """
              DELETE FROM idempotency_keys WHERE caller = @caller AND key = @key AND expires_at <= @now;
              INSERT INTO idempotency_keys (caller, key, fingerprint, expires_at) VALUES (@caller, @key, @fingerprint, @expires)
              ON CONFLICT DO NOTHING RETURNING 1;
              """);
        Add(take, "caller", caller);
        Add(take, "key", key);
        Add(take, "now", now);
        Add(take, "fingerprint", fingerprint);
        Add(take, "expires", now + settings.Retention);
        if (await take.ExecuteScalarAsync(cancellationToken) is not null)
        {
            return null;
        }

        await using var find = Command(
            transaction,
            "SELECT fingerprint, status, content_type, location, entity_tag, body FROM idempotency_keys WHERE caller = @caller AND key = @key");
        Add(find, "caller", caller);
        Add(find, "key", key);
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new StoredAnswer(
                row.GetFieldValue<byte[]>(0), row.GetInt32(1), row[2] as string, row[3] as string, row[4] as string, row.GetFieldValue<byte[]>(5))
            : throw new InvalidOperationException("An idempotency key was forgotten while it was looked up.");
    }

    public static async Task StoreAsync(DbTransaction transaction, string caller, string key, StoredAnswer answer, CancellationToken cancellationToken)
    {
        await using var store = Command(
            transaction,
            """
            UPDATE idempotency_keys SET status = @status, content_type = @type, location = @location, entity_tag = @tag, body = @body
            WHERE caller = @caller AND key = @key
            """);
        Add(store, "caller", caller);
        Add(store, "key", key);
        Add(store, "status", answer.Status);
        Add(store, "type", answer.ContentType);
        Add(store, "location", answer.Location);
        Add(store, "tag", answer.EntityTag);
        Add(store, "body", answer.Body);
        await store.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbTransaction transaction, string sql)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
