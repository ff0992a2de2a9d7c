using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Inventory.Stock;

namespace Shop.Inventory.Watching;

/// <summary>Hands over the products of every transaction that has committed.</summary>
internal sealed class CommittedStock(StockNotices notices) : DbTransactionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Announce(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Announce(eventData.Context);
        return Task.CompletedTask;
    }

    // Stock is tracked only where it is locked to be changed. To name a product that was left as it is costs a look.
    private void Announce(DbContext? context)
    {
        foreach (var entry in context?.ChangeTracker.Entries<StockItem>() ?? [])
        {
            notices.Add(entry.Entity.ProductId);
        }
    }
}
