namespace Shop.Fulfilment.Contract;

/// <summary>Event: an order has left the house.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="TrackingNumber">The carrier's.</param>
/// <param name="ShippedAt">When.</param>
public sealed record OrderShipped(Guid OrderId, string TrackingNumber, DateTimeOffset ShippedAt)
{
    public const string MessageType = "shop.fulfilment.order-shipped.v1";
}
