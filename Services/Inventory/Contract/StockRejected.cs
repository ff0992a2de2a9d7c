namespace Shop.Inventory.Contract;

/// <summary>Event: there is too little for an order, and nothing is held for it.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Shortages">The products of which there are too few.</param>
public sealed record StockRejected(Guid OrderId, IReadOnlyList<StockShortage> Shortages)
{
    public const string MessageType = "shop.inventory.stock-rejected.v1";
}
