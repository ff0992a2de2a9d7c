using System.Data.Common;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Trellis.Messaging.Outbox;

/// <summary>Gives the rows of the outbox their place, so that within a key the order of rows is the order of commits.</summary>
/// <remarks>
/// A number from a sequence says when it was drawn, not when its transaction commits, and ids of transactions say when they first
/// wrote: by either, a relay may overtake. So a transaction locks the keys it publishes to before it draws its number, and holds them until
/// it ends: of two transactions with a key in common the second draws after the first has committed, and whoever sees its row
/// sees the first's, too. The locks of one SaveChanges are taken in one order, and before its other statements, so that two of them cannot wait
/// for each other.
/// </remarks>
internal sealed class OutboxOrder(OutboxWake wake, TimeProvider time) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public const string Sequence = "outbox_position";
    public const string Setting = "trellis.outbox_position";

    /// <summary>The first half of the names of advisory locks on keys; any number.</summary>
    private const int KeyLocks = 0x4F_42_4B;

    /// <summary>The partitions of what is due at once, by the transaction that writes it. A transaction that ends otherwise may leave them to the next; then a relay looks in vain.</summary>
    private readonly ConditionalWeakTable<DbTransaction, StrongBox<int>> _written = [];

    public static int LockOf(string key) => unchecked((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(key)));

    // A transaction that was there before SaveChanges.
    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (eventData.Context is { } context && Pending(context) is { Count: > 0 } rows && Enlisted(context) is { } transaction)
        {
            using var batch = Batch(context, transaction, rows);
            batch.ExecuteNonQuery();
        }

        return result;
    }

    public async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } context && Pending(context) is { Count: > 0 } rows && Enlisted(context) is { } transaction)
        {
            await using var batch = Batch(context, transaction, rows);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        return result;
    }

    // The transaction that SaveChanges begins when there is none. One that the service begins has usually nothing to send yet.
    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        if (eventData.Context is { } context && Pending(context) is { Count: > 0 } rows)
        {
            using var batch = Batch(context, result, rows);
            batch.ExecuteNonQuery();
        }

        return result;
    }

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } context && Pending(context) is { Count: > 0 } rows)
        {
            await using var batch = Batch(context, result, rows);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        return result;
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Wake(transaction);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Wake(transaction);
        return Task.CompletedTask;
    }

    private void Wake(DbTransaction transaction)
    {
        if (_written.TryGetValue(transaction, out var partitions) && _written.Remove(transaction) && partitions.Value != 0)
        {
            wake.Committed(partitions.Value);
        }
    }

    private static DbTransaction? Enlisted(DbContext context)
    {
        if (context.Database.CurrentTransaction is { } transaction)
        {
            return transaction.GetDbTransaction();
        }

        return Transaction.Current is null && context.Database.AutoTransactionBehavior == AutoTransactionBehavior.Always
            ? null
            : throw new InvalidOperationException(
                "Messages are published in a transaction of the DbContext: with a TransactionScope, or with another AutoTransactionBehavior than Always, their order would be lost.");
    }

    private static List<OutboxMessage> Pending(DbContext context)
    {
        if (context.Model.FindEntityType(typeof(OutboxMessage)) is null)
        {
            return [];
        }

        // Asking the tracker makes it look for changes in every entity; new rows it knows without.
        var detects = context.ChangeTracker.AutoDetectChangesEnabled;
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. context.ChangeTracker.Entries<OutboxMessage>().Where(entry => entry.State == EntityState.Added).Select(entry => entry.Entity)];
        }
        finally
        {
            context.ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }

    private NpgsqlBatch Batch(DbContext context, DbTransaction transaction, List<OutboxMessage> rows)
    {
        var now = time.GetUtcNow();
        var partitions = _written.GetOrCreateValue(transaction);
        foreach (var row in rows.Where(row => row.DeliverAt is null || row.DeliverAt <= now))
        {
            partitions.Value |= 1 << row.Partition;
        }

        var sequence = context.GetService<ISqlGenerationHelper>().DelimitIdentifier(Sequence, context.Model.GetDefaultSchema());
        int[] keys = [.. rows.Select(row => row.PartitionKey).OfType<string>().Select(LockOf).Distinct().Order()];
        var batch = new NpgsqlBatch((NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);
        if (keys.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1, key) FROM unnest($2) AS key")
            {
                Parameters =
                {
                    new NpgsqlParameter { Value = KeyLocks },
                    new NpgsqlParameter { Value = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                },
            });
        }

        // A statement of its own: drawn together with the locks, the number might be older than they are.
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT set_config('{Setting}', nextval($1::regclass)::text, true)")
        {
            Parameters = { new NpgsqlParameter { Value = sequence } },
        });
        return batch;
    }
}
