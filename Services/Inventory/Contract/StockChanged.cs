namespace Shop.Inventory.Contract;

/// <summary>Event: another number of pieces of a product can be ordered.</summary>
/// <param name="ProductId">The product; partition key of the message.</param>
/// <param name="Available">How many, now.</param>
/// <param name="Version">Grows with every change. Whoever has seen a higher one for the product ignores this message.</param>
public sealed record StockChanged(Guid ProductId, long Available, long Version)
{
    public const string MessageType = "shop.inventory.stock-changed.v1";
}
