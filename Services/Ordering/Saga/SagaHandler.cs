using Trellis.Messaging;

namespace Shop.Ordering.Saga;

/// <summary>Hands messages about an order to the order.</summary>
internal sealed class SagaHandler<TMessage>(OrderProcess process) : IMessageHandler<TMessage>
    where TMessage : class
{
    public Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken) =>
        process.HandleAsync(OrderSaga.OrderOf(message), message, context.Id.ToString(), cancellationToken);
}
