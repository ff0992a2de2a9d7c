namespace Shop.Fulfilment.Contract;

/// <summary>Event: the carrier has an order.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="TrackingNumber">The carrier's number of the shipment.</param>
/// <param name="ShippedAt">When the carrier took it.</param>
public sealed record OrderShipped(Guid OrderId, string TrackingNumber, DateTimeOffset ShippedAt)
{
    public const string MessageType = "shop.fulfilment.order-shipped.v1";
}
