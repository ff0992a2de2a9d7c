namespace Shop.Inventory.Contract;

/// <summary>Pieces of a product.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">How many; at least 1.</param>
public sealed record StockLine(Guid ProductId, int Quantity);
