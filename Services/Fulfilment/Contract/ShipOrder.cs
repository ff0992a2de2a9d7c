namespace Shop.Fulfilment.Contract;

/// <summary>Command to Fulfilment: ship an order. Answered with <see cref="OrderShipped"/>, <see cref="ShipmentFailed"/> or <see cref="ShipmentCancelled"/>.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Lines">What is shipped.</param>
/// <param name="Address">Where it goes.</param>
public sealed record ShipOrder(Guid OrderId, IReadOnlyList<ShipmentLine> Lines, ShippingAddress Address)
{
    public const string MessageType = "shop.fulfilment.ship-order.v1";
}
