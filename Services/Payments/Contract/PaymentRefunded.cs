namespace Shop.Payments.Contract;

/// <summary>Event: in the provider's ledger nothing is charged for an order, and it stays so.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Refunded">What was given back; the amount 0 where nothing had been charged, in the currency XXX (none) where not even that was known.</param>
public sealed record PaymentRefunded(Guid OrderId, Money Refunded)
{
    public const string MessageType = "shop.payments.payment-refunded.v1";
}
