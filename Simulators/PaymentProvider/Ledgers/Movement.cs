using Shop.Simulators.PaymentProvider.Charges;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>An entry of the ledger, as callers see it.</summary>
/// <param name="Sequence">Grows; not every number is there.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What was done.</param>
/// <param name="ChargeId">To which charge.</param>
/// <param name="Reference">The caller's word for the charge.</param>
/// <param name="Status">How far the charge is after it.</param>
/// <param name="Amount">What was taken by it, in minor units; less than nothing is given back.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record Movement(
    long Sequence, DateTimeOffset At, EntryKind Kind, string ChargeId, string Reference, ChargeStatus Status, long Amount, string Currency);
