namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>A part of the ledger.</summary>
/// <param name="Entries">The oldest first.</param>
/// <param name="Next">After which sequence it goes on; null at the end.</param>
public sealed record MovementPage(IReadOnlyList<Movement> Entries, long? Next);
