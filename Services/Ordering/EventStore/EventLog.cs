using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;

namespace Shop.Ordering.EventStore;

/// <summary>
/// All events of all orders, in an order in which nothing appears behind a reader who has passed, and the events of one order stand as they happened.
/// </summary>
/// <remarks>
/// <para>
/// Numbers are drawn before transactions commit: who reads by <see cref="StoredEvent.Position"/> passes one that is still under way, and never sees it. So the order is that
/// of transaction ids first, and only transactions older than every one still running are read. Whoever remembers where he is remembers the pair: with
/// the number alone, an older number of a newer transaction would be skipped.
/// </para>
/// <para>
/// A transaction has its id from its first write, and may add to a stream after a younger one has. The table refuses that (the trigger
/// <c>events_in_order</c>, SQLSTATE 40001), and the writer begins again.
/// </para>
/// </remarks>
internal sealed class EventLog(OrderingDbContext database)
{
    /// <summary>The next events after a position, at most so many.</summary>
    public Task<List<StoredEvent>> ReadAsync(EventPosition after, int limit, CancellationToken cancellationToken)
    {
        // As text: no driver's type is sure to hold every xid8, and PostgreSQL compares none with bigint.
        var transaction = after.TransactionId.ToString(CultureInfo.InvariantCulture);
        return database.Events.FromSql(
            $"""
             SELECT * FROM events
             WHERE (transaction_id, position) > ({transaction}::xid8, {after.Position}) AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY transaction_id, position LIMIT {limit}
             """).AsNoTracking().ToListAsync(cancellationToken);
    }
}
