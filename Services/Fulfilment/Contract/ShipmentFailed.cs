namespace Shop.Fulfilment.Contract;

/// <summary>Event: the carrier refuses an order for good.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ShipmentFailed(Guid OrderId, string Reason)
{
    public const string MessageType = "shop.fulfilment.shipment-failed.v1";
}
