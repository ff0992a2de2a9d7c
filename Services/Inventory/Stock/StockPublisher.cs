using Shop.Inventory.Contract;
using Trellis.Messaging;

namespace Shop.Inventory.Stock;

/// <summary>Tells others how many pieces can be ordered.</summary>
internal static class StockPublisher
{
    public static async Task PublishStockAsync(this IMessagePublisher publisher, IEnumerable<StockItem> changed, CancellationToken cancellationToken)
    {
        foreach (var item in changed)
        {
            await publisher.PublishAsync(
                new StockChanged(item.ProductId, item.Available, item.Version),
                new PublishOptions { PartitionKey = item.ProductId.ToString() },
                cancellationToken);
        }
    }
}
