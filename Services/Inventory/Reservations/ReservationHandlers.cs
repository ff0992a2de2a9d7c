using Shop.Inventory.Contract;
using Trellis.Messaging;

namespace Shop.Inventory.Reservations;

internal sealed class ReserveStockHandler(ReservationBook book) : IMessageHandler<ReserveStock>
{
    public Task HandleAsync(ReserveStock message, MessageContext context, CancellationToken cancellationToken) =>
        book.ReserveAsync(message, cancellationToken);
}

internal sealed class ReleaseStockHandler(ReservationBook book) : IMessageHandler<ReleaseStock>
{
    public Task HandleAsync(ReleaseStock message, MessageContext context, CancellationToken cancellationToken) =>
        book.ReleaseAsync(message.OrderId, cancellationToken);
}

internal sealed class CommitStockHandler(ReservationBook book) : IMessageHandler<CommitStock>
{
    public Task HandleAsync(CommitStock message, MessageContext context, CancellationToken cancellationToken) =>
        book.CommitAsync(message.OrderId, cancellationToken);
}
