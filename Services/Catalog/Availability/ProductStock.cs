namespace Shop.Catalog.Availability;

/// <summary>
/// What the inventory has told of a product. Beside the product, not in it: it changes with every order, and may come before the product or stay after it.
/// </summary>
public sealed class ProductStock
{
    public required Guid ProductId { get; init; }

    /// <summary>How many pieces can be ordered.</summary>
    public required long Available { get; init; }

    /// <summary>The inventory's; grows with every change.</summary>
    public required long Version { get; init; }
}
