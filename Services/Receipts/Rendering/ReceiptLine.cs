namespace Shop.Receipts.Rendering;

/// <summary>A line of a receipt.</summary>
internal sealed record ReceiptLine(string Name, string Quantity, string UnitPrice, string Price);
