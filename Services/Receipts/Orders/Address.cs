namespace Shop.Receipts.Orders;

/// <summary>Where an order is sent.</summary>
internal sealed record Address(string? Name, string? Street, string? PostalCode, string? City, string? Country);
