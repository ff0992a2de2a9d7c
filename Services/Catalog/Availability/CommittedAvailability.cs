using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Shop.Catalog.Availability;

/// <summary>Hands over what a transaction has changed once it has committed: what is forgotten before is cached again as it was.</summary>
internal sealed class CommittedAvailability(AvailabilityNews news) : DbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, List<Guid>> _awaited = [];

    /// <summary>Notes a product that the context's transaction has changed.</summary>
    public void Await(DbContext database, Guid productId) => _awaited.GetValue(database, _ => []).Add(productId);

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => HandOver(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        HandOver(eventData.Context);
        return Task.CompletedTask;
    }

    // Contexts are used again: what one that failed has left is handed over with the next, and costs no more than a look.
    private void HandOver(DbContext? database)
    {
        if (database is not null && _awaited.TryGetValue(database, out var productIds))
        {
            _awaited.Remove(database);
            news.Add(productIds);
        }
    }
}
