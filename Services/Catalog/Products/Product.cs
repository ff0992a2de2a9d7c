using NpgsqlTypes;

namespace Shop.Catalog.Products;

/// <summary>A product as it is stored.</summary>
public sealed class Product
{
    /// <summary>UUID version 7, so that new rows land at the end of the index.</summary>
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required string Brand { get; set; }

    /// <summary>Lower case, words joined by hyphens: <c>office-chairs</c>.</summary>
    public required string Category { get; set; }

    public required string Description { get; set; }

    public required Money Price { get; set; }

    /// <summary>
    /// Another value with every write, never used twice: the entity tag. A counter would start over when a database is
    /// restored, and an old tag would then stand for new content.
    /// </summary>
    public required Guid Revision { get; set; }

    /// <summary>Whether others have been told of the product as it is.</summary>
    public bool Announced { get; set; }

    /// <summary>Written by PostgreSQL; what the search looks in.</summary>
    public NpgsqlTsVector SearchVector { get; private set; } = null!;
}
