using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Ordering.Reading;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Watching;

/// <summary>Tells of the orders of every transaction that has committed. One that EF Core does not commit itself is for whoever does.</summary>
internal sealed class CommittedOrders(OrderNotices notices, OrderingTelemetry telemetry) : DbTransactionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Announce(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Announce(eventData.Context);
        return Task.CompletedTask;
    }

    public void Announce(OrderRow row)
    {
        notices.Add(row.Id);
        telemetry.Count(row);
    }

    // Rows are tracked only where they are written.
    private void Announce(DbContext? context)
    {
        foreach (var entry in context?.ChangeTracker.Entries<OrderRow>() ?? [])
        {
            Announce(entry.Entity);
        }
    }
}
