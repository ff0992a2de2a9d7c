namespace Shop.Inventory.Contract;

/// <summary>Event: the pieces of an order have left the house.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record StockCommitted(Guid OrderId)
{
    public const string MessageType = "shop.inventory.stock-committed.v1";
}
