namespace Shop.Fulfilment.Contract;

/// <summary>Event: an order will not be shipped.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record ShipmentCancelled(Guid OrderId)
{
    public const string MessageType = "shop.fulfilment.shipment-cancelled.v1";
}
