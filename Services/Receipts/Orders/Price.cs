using System.ComponentModel;

namespace Shop.Receipts.Orders;

/// <summary>An amount of money as it was sent.</summary>
/// <param name="Amount">In minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
internal sealed record Price(
    [property: Description("In minor units: 24950 is 249.50 where the currency has two decimals.")] long? Amount,
    [property: Description("ISO 4217 code.")] string? Currency);
