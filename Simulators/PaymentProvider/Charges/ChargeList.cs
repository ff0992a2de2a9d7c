namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>Charges that were asked for.</summary>
/// <param name="Charges">The oldest first.</param>
public sealed record ChargeList(IReadOnlyList<Charge> Charges);
