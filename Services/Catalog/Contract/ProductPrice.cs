namespace Shop.Catalog.Contract;

/// <summary>A price.</summary>
/// <param name="Amount">In minor units: cents for EUR.</param>
/// <param name="Currency">ISO 4217, three capital letters.</param>
public sealed record ProductPrice(long Amount, string Currency);
