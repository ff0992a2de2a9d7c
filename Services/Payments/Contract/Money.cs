namespace Shop.Payments.Contract;

/// <summary>An amount of money.</summary>
/// <param name="Amount">In the currency's smallest unit, as cents.</param>
/// <param name="Currency">ISO 4217, as EUR.</param>
public sealed record Money(long Amount, string Currency);
