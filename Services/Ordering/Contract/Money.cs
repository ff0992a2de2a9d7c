using System.ComponentModel;

namespace Shop.Ordering.Contract;

/// <summary>An amount of money.</summary>
/// <param name="Amount">In minor units: 24950 is 249.50 where the currency has two decimals.</param>
/// <param name="Currency">ISO 4217 code.</param>
[ImmutableObject(true)]
public sealed record Money(long Amount, string Currency);
