using Shop.Ordering.Contract;

namespace Shop.Ordering.Orders;

/// <summary>Pieces of a product in an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">What it was called when it was ordered.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">What one piece cost when it was ordered.</param>
public sealed record OrderedLine(Guid ProductId, string Name, int Quantity, Money UnitPrice);
