namespace Shop.Inventory.Contract;

/// <summary>
/// Command to Inventory: the order's pieces leave the house. Answered with <see cref="StockCommitted"/>. If the reservation had run out, they are taken
/// from what is available; where that is too little the answer is <see cref="StockRejected"/>.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record CommitStock(Guid OrderId)
{
    public const string MessageType = "shop.inventory.commit-stock.v1";
}
