using Microsoft.Extensions.Options;
using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Ordering.Data;
using Shop.Ordering.EventStore;
using Shop.Ordering.Orders;
using Shop.Ordering.Reading;
using Shop.Payments.Contract;
using Trellis.Messaging;

namespace Shop.Ordering.Saga;

/// <summary>
/// Moves orders: reads the stream, asks <see cref="OrderSaga"/>, and adds facts, row and messages to the context's unit of work. Whoever calls saves, in one transaction.
/// </summary>
internal sealed partial class OrderProcess(
    OrderingDbContext database,
    EventStream stream,
    IMessagePublisher publisher,
    IOptions<DeadlineSettings> deadlines,
    TimeProvider time,
    ILogger<OrderProcess> logger)
{
    /// <summary>Places an order.</summary>
    /// <returns>The order.</returns>
    public async Task<OrderState> BeginAsync(Guid id, Func<SagaClock, OrderPlaced> place, CancellationToken cancellationToken)
    {
        var clock = Clock();
        var decision = OrderSaga.Begin(id, place(clock), clock);
        var order = stream.Append(new OrderState { Id = id }, decision.Facts, clock.Now, causationId: null);
        database.Orders.Add(OrderRow.Of(order));
        await SendAsync(order, decision.Messages, cancellationToken);
        return order;
    }

    /// <summary>Lets a message take effect.</summary>
    /// <returns>The order after it; null if there is none.</returns>
    public async Task<OrderState?> HandleAsync(Guid id, object message, string? causationId, CancellationToken cancellationToken)
    {
        if (await stream.FindAsync(id, cancellationToken) is not var (order, trace))
        {
            LogUnknown(logger, message.GetType().Name, id);
            return null;
        }

        using var span = OrderingTelemetry.Rejoin(trace, message);
        var clock = Clock();
        var decision = OrderSaga.Decide(order, message, clock);
        if (decision.Facts.Count > 0)
        {
            order = stream.Append(order, decision.Facts, clock.Now, causationId);
            database.Orders.Update(OrderRow.Of(order));
        }

        await SendAsync(order, decision.Messages, cancellationToken);
        return order;
    }

    // To the millisecond: the database keeps less than a clock says, and what is read must be what was decided on.
    private SagaClock Clock() => new(
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), deadlines.Value.Stock, deadlines.Value.Payment, deadlines.Value.Shipment);

    private async Task SendAsync(OrderState order, IReadOnlyList<object> messages, CancellationToken cancellationToken)
    {
        var key = new PublishOptions { PartitionKey = order.Id.ToString(), CorrelationId = order.Id.ToString() };
        foreach (var message in messages)
        {
            await (message switch
            {
                ReserveStock reserve => publisher.PublishAsync(reserve, key, cancellationToken),
                ReleaseStock release => publisher.PublishAsync(release, key, cancellationToken),
                CommitStock commit => publisher.PublishAsync(commit, key, cancellationToken),
                CapturePayment capture => publisher.PublishAsync(capture, key, cancellationToken),
                RefundPayment refund => publisher.PublishAsync(refund, key, cancellationToken),
                ShipOrder ship => publisher.PublishAsync(ship, key, cancellationToken),
                CancelShipment cancel => publisher.PublishAsync(cancel, key, cancellationToken),
                OrderSubmitted submitted => publisher.PublishAsync(submitted, key, cancellationToken),
                OrderCompleted completed => publisher.PublishAsync(completed, key, cancellationToken),
                OrderCancelled cancelled => publisher.PublishAsync(cancelled, key, cancellationToken),
                OrderRejected rejected => publisher.PublishAsync(rejected, key, cancellationToken),
                OrderDeadline deadline => publisher.PublishAsync(deadline, key with { DeliverAt = deadline.At }, cancellationToken),
                _ => throw new InvalidOperationException($"{message.GetType().Name} is not sent from here."),
            });
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message} is about order {OrderId}, which is not known here")]
    private static partial void LogUnknown(ILogger logger, string message, Guid orderId);
}
