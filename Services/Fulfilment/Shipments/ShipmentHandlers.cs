using Shop.Fulfilment.Contract;
using Trellis.Messaging;

namespace Shop.Fulfilment.Shipments;

internal sealed class ShipOrderHandler(ShipmentBook book) : IMessageHandler<ShipOrder>
{
    public Task HandleAsync(ShipOrder message, MessageContext context, CancellationToken cancellationToken) =>
        book.ShipAsync(message, context.Id, cancellationToken);
}

internal sealed class CancelShipmentHandler(ShipmentBook book) : IMessageHandler<CancelShipment>
{
    public Task HandleAsync(CancelShipment message, MessageContext context, CancellationToken cancellationToken) =>
        book.CancelAsync(message.OrderId, context.Id, cancellationToken);
}
