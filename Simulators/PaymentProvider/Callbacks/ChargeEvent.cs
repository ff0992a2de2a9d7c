using Shop.Simulators.PaymentProvider.Charges;

namespace Shop.Simulators.PaymentProvider.Callbacks;

/// <summary>What a callback tells.</summary>
/// <param name="Id">The same each time it is told.</param>
/// <param name="Type"><c>charge.succeeded</c>, <c>charge.declined</c> or <c>charge.refunded</c>.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="Charge">The charge, as it was then.</param>
public sealed record ChargeEvent(string Id, string Type, DateTimeOffset CreatedAt, Charge Charge);
