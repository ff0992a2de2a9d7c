namespace Shop.Inventory.Contract;

/// <summary>
/// Command to Inventory: hold these pieces for an order, all or none. Answered with <see cref="StockReserved"/> or <see cref="StockRejected"/>; sent
/// again for the same order, with what has become of it.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Lines">1 to 500; two lines of one product count together.</param>
public sealed record ReserveStock(Guid OrderId, IReadOnlyList<StockLine> Lines)
{
    public const string MessageType = "shop.inventory.reserve-stock.v1";
}
