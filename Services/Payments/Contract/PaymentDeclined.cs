namespace Shop.Payments.Contract;

/// <summary>Event: an order is not paid and will not be. Nothing is charged for it.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Reason">Why, as the customer may read it.</param>
public sealed record PaymentDeclined(Guid OrderId, string Reason)
{
    public const string MessageType = "shop.payments.payment-declined.v1";
}
