using Shop.Catalog.Contract;
using Trellis.Messaging;

namespace Shop.Catalog.Products;

/// <summary>Tells others what becomes of products, within the caller's unit of work.</summary>
internal static class ProductEvents
{
    public static Task PublishChangedAsync(this IMessagePublisher publisher, ProductDetails product, Guid revision, CancellationToken cancellationToken) =>
        publisher.PublishAsync(
            new ProductChanged(
                product.Id, revision, product.Name, product.Brand, product.Category, new ProductPrice(product.Price.Amount, product.Price.Currency)),
            KeyOf(product.Id),
            cancellationToken);

    public static Task PublishWithdrawnAsync(this IMessagePublisher publisher, Guid id, CancellationToken cancellationToken) =>
        publisher.PublishAsync(new ProductWithdrawn(id), KeyOf(id), cancellationToken);

    private static PublishOptions KeyOf(Guid id) => new() { PartitionKey = id.ToString() };
}
