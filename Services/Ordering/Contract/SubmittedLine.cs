namespace Shop.Ordering.Contract;

/// <summary>Pieces of a product in an order that was submitted.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">What it was called.</param>
/// <param name="Quantity">How many; at least 1.</param>
/// <param name="UnitPrice">What one piece cost.</param>
public sealed record SubmittedLine(Guid ProductId, string Name, int Quantity, Money UnitPrice);
