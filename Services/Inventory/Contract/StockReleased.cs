namespace Shop.Inventory.Contract;

/// <summary>Event: nothing is held for an order any more.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Expired">Whether the time of the reservation was over, without anybody asking.</param>
public sealed record StockReleased(Guid OrderId, bool Expired)
{
    public const string MessageType = "shop.inventory.stock-released.v1";
}
