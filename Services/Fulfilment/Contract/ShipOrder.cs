namespace Shop.Fulfilment.Contract;

/// <summary>
/// Command to Fulfilment: hand the order's pieces to the carrier. Answered with <see cref="OrderShipped"/>, or with <see cref="ShipmentFailed"/> if the
/// carrier refuses it for good; after a <see cref="CancelShipment"/> of the order with <see cref="ShipmentCancelled"/>. Sent again for the same order, it is
/// answered with what has become of the shipment.
/// </summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Lines">1 to 500.</param>
/// <param name="Address">Where to.</param>
public sealed record ShipOrder(Guid OrderId, IReadOnlyList<ShipmentLine> Lines, ShippingAddress Address)
{
    public const string MessageType = "shop.fulfilment.ship-order.v1";
}
