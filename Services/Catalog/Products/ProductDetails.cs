using System.ComponentModel;

namespace Shop.Catalog.Products;

/// <summary>A product as the API shows it.</summary>
[ImmutableObject(true)] // the cache may hand one instance to every reader
public sealed record ProductDetails
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Brand { get; init; }

    public required string Category { get; init; }

    public required string Description { get; init; }

    public required Money Price { get; init; }

    [Description("How many pieces can be ordered; null while that is not known.")]
    public long? Available { get; init; }

    internal static ProductDetails Of(Product product) => new()
    {
        Id = product.Id,
        Name = product.Name,
        Brand = product.Brand,
        Category = product.Category,
        Description = product.Description,
        Price = product.Price,
    };
}
