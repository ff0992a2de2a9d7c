using Shop.Fulfilment.Data;
using Shop.Ordering.Contract;
using Trellis.Messaging;

namespace Shop.Fulfilment.Sales;

/// <summary>Keeps completed orders for the reports; each once, however long ago the inbox saw it last.</summary>
internal sealed class OrderCompletedHandler(FulfilmentDbContext database) : IMessageHandler<OrderCompleted>
{
    public async Task HandleAsync(OrderCompleted message, MessageContext context, CancellationToken cancellationToken)
    {
        if (await database.Sales.FindAsync([message.OrderId], cancellationToken) is null)
        {
            database.Sales.Add(new Sale { OrderId = message.OrderId, CompletedAt = message.CompletedAt.ToUniversalTime(), Lines = message.Lines });
        }
    }
}
