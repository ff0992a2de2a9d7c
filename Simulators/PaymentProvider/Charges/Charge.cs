namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>A charge, as callers see it.</summary>
/// <param name="Id">Ours.</param>
/// <param name="Reference">The caller's word for it. Two charges may have the same.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Status">How far it is.</param>
/// <param name="DeclineReason">Why it was declined, if it was.</param>
/// <param name="AmountRefunded">How much was given back.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Charge(
    string Id, string Reference, long Amount, string Currency, ChargeStatus Status, string? DeclineReason, long AmountRefunded, DateTimeOffset CreatedAt);
