namespace Shop.Payments.Tests;

/// <summary>An entry of the provider's ledger.</summary>
public sealed record LedgerEntry(long Sequence, string Kind, string ChargeId, string Reference, string Status, long Amount, string Currency);
