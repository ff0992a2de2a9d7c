using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Inventory.Data;
using Trellis.Messaging;

namespace Shop.Inventory.Stock;

/// <summary>Puts pieces into the stock, once for each id.</summary>
internal sealed class Restocking(InventoryDbContext database, IMessagePublisher publisher, TimeProvider time)
{
    public Task<(RestockOutcome Outcome, StockItem? Item)> RestockAsync(Guid id, Guid productId, int quantity, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            // What a failed attempt has left.
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

            // The lock comes first: the same restock, sent twice at once, finds the other's row.
            if (!(await database.LockStockAsync([productId], cancellationToken)).TryGetValue(productId, out var item))
            {
                return (RestockOutcome.UnknownProduct, null);
            }

            if (await database.Restocks.FindAsync([id], cancellationToken) is { } known)
            {
                return (known.ProductId == productId && known.Quantity == quantity ? RestockOutcome.Done : RestockOutcome.UsedForAnother, item);
            }

            item.Add(quantity);
            database.Restocks.Add(new Restock { Id = id, ProductId = productId, Quantity = quantity, RestockedAt = time.GetUtcNow() });
            await publisher.PublishStockAsync([item], cancellationToken);
            return await SaveAsync(transaction.CommitAsync, item, cancellationToken);
        });

    private async Task<(RestockOutcome Outcome, StockItem? Item)> SaveAsync(
        Func<CancellationToken, Task> commit, StockItem item, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The same id for another product, at the same time.
            return (RestockOutcome.UsedForAnother, item);
        }

        await commit(cancellationToken);
        return (RestockOutcome.Done, item);
    }
}
