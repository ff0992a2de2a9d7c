namespace Shop.Fulfilment.Contract;

/// <summary>Command to Fulfilment: do not ship an order. Answered with <see cref="ShipmentCancelled"/>, or with <see cref="OrderShipped"/> if it has left.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record CancelShipment(Guid OrderId)
{
    public const string MessageType = "shop.fulfilment.cancel-shipment.v1";
}
