namespace Shop.Ordering.Contract;

/// <summary>Pieces of a product that were sold.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">What it was called when it was ordered.</param>
/// <param name="Quantity">How many; at least 1.</param>
/// <param name="UnitPrice">What was paid for one piece.</param>
public sealed record CompletedLine(Guid ProductId, string Name, int Quantity, Money UnitPrice);
