namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>A refund, as callers see it.</summary>
/// <param name="Id">Ours.</param>
/// <param name="ChargeId">The charge that it is of.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="Status">Always succeeded.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Refund(string Id, string ChargeId, long Amount, ChargeStatus Status, DateTimeOffset CreatedAt);
