namespace Shop.Payments.Contract;

/// <summary>
/// Command to Payments: this order must end uncharged. It may come before, during or after the capture, and more than once. Answered with
/// <see cref="PaymentRefunded"/>.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Reason">Why, as the customer may read it.</param>
public sealed record RefundPayment(Guid OrderId, string Reason)
{
    public const string MessageType = "shop.payments.refund-payment.v1";
}
