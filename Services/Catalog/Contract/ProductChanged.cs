namespace Shop.Catalog.Contract;

/// <summary>Event: a product is offered, for the first time or as another than before. It says all that others may keep of a product.</summary>
/// <param name="ProductId">The product; partition key of the message, so that its events come in the order of its changes.</param>
/// <param name="Revision">Another with every change, without an order; the product's entity tag is made of it. An event that is repeated has the same.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Brand">1 to 100 characters.</param>
/// <param name="Category">Lower case, words joined by hyphens: <c>office-chairs</c>.</param>
/// <param name="Price">What one piece costs.</param>
public sealed record ProductChanged(Guid ProductId, Guid Revision, string Name, string Brand, string Category, ProductPrice Price)
{
    public const string MessageType = "shop.catalog.product-changed.v1";
}
