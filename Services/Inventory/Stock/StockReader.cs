using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;

namespace Shop.Inventory.Stock;

/// <summary>Reads stock.</summary>
internal sealed class StockReader(InventoryDbContext database)
{
    /// <summary>The stock of those products that are known.</summary>
    public Task<Dictionary<Guid, StockItem>> FindAsync(IReadOnlyCollection<Guid> productIds, CancellationToken cancellationToken) =>
        database.Stock.AsNoTracking()
            .Where(item => productIds.Contains(item.ProductId))
            .ToDictionaryAsync(item => item.ProductId, cancellationToken);
}
