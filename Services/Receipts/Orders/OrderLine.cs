namespace Shop.Receipts.Orders;

/// <summary>Pieces of a product.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">What one costs.</param>
internal sealed record OrderLine(string? Name, int? Quantity, Price? UnitPrice);
