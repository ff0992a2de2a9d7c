namespace Shop.Fulfilment.Contract;

/// <summary>Event: an order does not leave, because <see cref="CancelShipment"/> came first.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record ShipmentCancelled(Guid OrderId)
{
    public const string MessageType = "shop.fulfilment.shipment-cancelled.v1";
}
