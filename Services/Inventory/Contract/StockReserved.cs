namespace Shop.Inventory.Contract;

/// <summary>Event: all pieces of an order are held for it.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="ExpiresAt">When they are released, unless they are committed before.</param>
public sealed record StockReserved(Guid OrderId, DateTimeOffset ExpiresAt)
{
    public const string MessageType = "shop.inventory.stock-reserved.v1";
}
