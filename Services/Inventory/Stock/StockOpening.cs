using System.IO.Hashing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Inventory.Contract;
using Shop.Inventory.Data;
using Trellis.Messaging;

namespace Shop.Inventory.Stock;

/// <summary>Begins to count the pieces of a product.</summary>
internal sealed class StockOpening(InventoryDbContext database, IMessagePublisher publisher, IOptions<StockSettings> settings)
{
    /// <summary>Every so many products there are none of, so that one can see what happens then.</summary>
    private const uint SoldOut = 20;

    private const uint Least = 50;
    private const uint Most = 500;

    /// <summary>Makes a row for a product that has none, in the caller's transaction.</summary>
    public async Task OpenAsync(Guid productId, CancellationToken cancellationToken)
    {
        long pieces = settings.Value.Seed ? PiecesOf(productId) : 0;
        const long version = 1;
        var added = await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO stock (product_id, on_hand, reserved, shipped, version) VALUES ({productId}, {pieces}, 0, 0, {version})
             ON CONFLICT DO NOTHING
             """,
            cancellationToken);
        if (added > 0)
        {
            await publisher.PublishAsync(
                new StockChanged(productId, pieces, version), new PublishOptions { PartitionKey = productId.ToString() }, cancellationToken);
        }
    }

    // The same on every machine and after every new start.
    private static uint PiecesOf(Guid productId)
    {
        var number = XxHash32.HashToUInt32(productId.ToByteArray(bigEndian: true));
        return number % SoldOut == 0 ? 0 : Least + (number / SoldOut % (Most - Least + 1));
    }
}
