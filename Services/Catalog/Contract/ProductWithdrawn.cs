namespace Shop.Catalog.Contract;

/// <summary>Event: a product is no longer offered.</summary>
/// <param name="ProductId">The product; partition key of the message.</param>
public sealed record ProductWithdrawn(Guid ProductId)
{
    public const string MessageType = "shop.catalog.product-withdrawn.v1";
}
