namespace Shop.Inventory.Contract;

/// <summary>
/// Command to Inventory: the order does not need its pieces any more. Answered with <see cref="StockReleased"/>, or with <see cref="StockCommitted"/> if they
/// have left the house. An order that comes after its own release gets nothing.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record ReleaseStock(Guid OrderId)
{
    public const string MessageType = "shop.inventory.release-stock.v1";
}
