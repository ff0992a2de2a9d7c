using Shop.Fulfilment.Contract;
using Shop.Fulfilment.Data;
using Shop.Fulfilment.Sales;
using Shop.Fulfilment.Shipments;
using Shop.Ordering.Contract;

namespace Shop.Fulfilment;

/// <summary>Names the messages that come in and go out.</summary>
internal static class FulfilmentMessages
{
    public static IHostApplicationBuilder AddFulfilmentMessages(this IHostApplicationBuilder builder) =>
        builder.AddMessaging<FulfilmentDbContext>(messages => messages
            .Handle<ShipOrder, ShipOrderHandler>()
            .Handle<CancelShipment, CancelShipmentHandler>()
            .Handle<OrderCompleted, OrderCompletedHandler>()
            .Publish<OrderShipped>()
            .Publish<ShipmentFailed>()
            .Publish<ShipmentCancelled>());
}
