namespace Shop.Inventory.Contract;

/// <summary>A product of which there are too few.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Requested">How many were wanted.</param>
/// <param name="Available">How many there were; 0 too for a product that nobody knows.</param>
public sealed record StockShortage(Guid ProductId, int Requested, long Available);
