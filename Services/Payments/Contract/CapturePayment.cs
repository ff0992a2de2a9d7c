namespace Shop.Payments.Contract;

/// <summary>
/// Command to Payments: charge an order's amount, once. Answered with <see cref="PaymentCaptured"/> or <see cref="PaymentDeclined"/> as soon as the
/// provider's answer is known, however long that takes; sent again for the same order, with what has become of it. After a
/// <see cref="RefundPayment"/> nothing is charged, and the answer is <see cref="PaymentRefunded"/>.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="PaymentToken">What the provider gave the customer for the means of payment.</param>
/// <param name="Amount">What is charged; more than nothing.</param>
public sealed record CapturePayment(Guid OrderId, string PaymentToken, Money Amount)
{
    public const string MessageType = "shop.payments.capture-payment.v1";
}
