namespace Shop.Fulfilment.Contract;

/// <summary>
/// Command to Fulfilment: the order must not leave. Answered with <see cref="ShipmentCancelled"/>, also if it comes before <see cref="ShipOrder"/>, which
/// then ships nothing; with <see cref="OrderShipped"/> if the order has left already.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
public sealed record CancelShipment(Guid OrderId)
{
    public const string MessageType = "shop.fulfilment.cancel-shipment.v1";
}
