namespace Shop.Payments.Contract;

/// <summary>Event: an order is paid.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="PaymentId">The provider's id of the charge.</param>
/// <param name="Amount">What was charged.</param>
public sealed record PaymentCaptured(Guid OrderId, string PaymentId, Money Amount)
{
    public const string MessageType = "shop.payments.payment-captured.v1";
}
