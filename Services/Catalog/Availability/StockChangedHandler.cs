using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Inventory.Contract;
using Trellis.Messaging;

namespace Shop.Catalog.Availability;

/// <summary>Keeps what the inventory tells.</summary>
internal sealed class StockChangedHandler(CatalogDbContext database, CommittedAvailability committed) : IMessageHandler<StockChanged>
{
    public async Task HandleAsync(StockChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        // Condition and write in one statement: in whatever order they come, the newest stays.
        var written = await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO product_stock (product_id, available, version) VALUES ({message.ProductId}, {message.Available}, {message.Version})
             ON CONFLICT (product_id) DO UPDATE SET available = excluded.available, version = excluded.version
             WHERE product_stock.version < excluded.version
             """,
            cancellationToken);
        if (written > 0)
        {
            committed.Await(database, message.ProductId);
        }
    }
}
