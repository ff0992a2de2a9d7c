using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Ordering.Orders;
using Shop.Payments.Contract;
using Status = Shop.Ordering.Orders.OrderStatus;

namespace Shop.Ordering.Saga;

/// <summary>
/// The order saga as a table: where an order is and what comes in give what has happened and what is to be sent. It asks nobody and changes nothing.
/// </summary>
/// <remarks>
/// Answers may come twice, late and, from different services, in any order. Three things are tracked apart from the status: whether pieces may be held, a customer
/// charged and a shipment under way. An order is given up in this order: the shipment is stopped, and only when it is known not to have left are
/// pieces and money given back; it is Cancelled when nothing is open any more. What has left the house is completed. An answer that comes after the
/// end and tells of pieces or money that nobody will use is compensated again.
/// </remarks>
internal static class OrderSaga
{
    /// <summary>The first step: an order comes into being.</summary>
    public static Decision Begin(Guid id, OrderPlaced placed, SagaClock clock) => new(
        [placed],
        [
            new ReserveStock(id, [.. placed.Lines.Select(line => new StockLine(line.ProductId, line.Quantity))]),
            new OrderDeadline(id, placed.Due),
            new OrderSubmitted(
                id, placed.Customer, [.. placed.Lines.Select(line => new SubmittedLine(line.ProductId, line.Name, line.Quantity, line.UnitPrice))], placed.Total, clock.Now),
        ]);

    /// <summary>Every further step. What is in no row changes nothing.</summary>
    public static Decision Decide(OrderState order, object message, SagaClock clock) => (order.Status, message) switch
    {
        // The way that every order hopes for.
        (Status.Submitted, StockReserved) => Go(order, clock, new StockHeld(clock.Now + clock.Payment), new CapturePayment(order.Id, order.PaymentToken, AmountOf(order))),
        (Status.StockReserved, PaymentCaptured paid) => Go(order, clock, new PaymentTaken(paid.PaymentId, clock.Now + clock.Shipment), Shipment(order)),
        (Status.Paid, OrderShipped left) => Go(order, clock, Leaves(left), new CommitStock(order.Id)),
        (Status.Shipped, StockCommitted) => Go(order, clock, new OrderFinished(), Completed(order, clock)),

        // What others refuse.
        (Status.Submitted, StockRejected none) => Reject(order, none, clock),
        (Status.StockReserved, PaymentDeclined declined) => Go(order, clock, new PaymentRefused(declined.Reason), new ReleaseStock(order.Id)),
        (Status.Paid, ShipmentFailed failed) => GiveUp(order, clock, failed.Reason, new ShipmentStopped()),
        (Status.Paid, ShipmentCancelled) => GiveUp(order, clock, "The shipment was cancelled.", new ShipmentStopped()),
        (Status.Submitted or Status.StockReserved or Status.Paid, StockReleased) => GiveUp(order, clock, "The pieces are not held any longer.", new StockFreed()),
        // The reservation had run out and others have bought the pieces. Their own release (Expired) may still be under way to us; the answer to CommitStock is never that.
        (Status.Shipped, StockRejected or StockReleased { Expired: false }) => GiveUp(order, clock, "The pieces could not be booked out of the stock.", new StockFreed()),

        // Nobody waits any longer.
        (Status.Submitted or Status.StockReserved or Status.Paid, CancelOrder cancel) => GiveUp(order, clock, cancel.Reason),
        (Status.Submitted or Status.StockReserved or Status.Paid, OrderDeadline) => clock.Now < order.Due ? LookAgain(order) : GiveUp(order, clock, Overdue(order)),

        // Giving up: first the shipment, which may have left.
        (Status.Cancelling, OrderShipped left) when order.MayShip => Go(order, clock, Leaves(left), new CommitStock(order.Id)),
        (Status.Cancelling, ShipmentCancelled or ShipmentFailed) when order.MayShip => Undo(order, clock, new ShipmentStopped()),
        (Status.Cancelling, StockReleased) when order.MayShip && order.MayHoldStock => Go(order, clock, new StockFreed()),
        (Status.Cancelling, _) when order.MayShip => Decision.Nothing,

        // Then pieces and money, in whatever order.
        (Status.Cancelling or Status.PaymentDeclined, StockReleased or StockRejected) when order.MayHoldStock => CloseOne(order, clock, new StockFreed()),
        (Status.Cancelling or Status.PaymentDeclined, PaymentRefunded) when order.MayBeCharged => CloseOne(order, clock, new PaymentReturned()),
        (Status.Cancelling or Status.PaymentDeclined, PaymentCaptured) when !order.MayBeCharged => Go(order, clock, new PaymentTakenLate(), Refund(order)),
        (Status.Cancelling or Status.PaymentDeclined, StockReserved) when !order.MayHoldStock => new([], [new ReleaseStock(order.Id)]),

        // After the end.
        (Status.Cancelled or Status.Rejected, PaymentCaptured) => new([], [Refund(order)]),
        (Status.Cancelled or Status.Rejected, StockReserved) => new([], [new ReleaseStock(order.Id)]),
        _ => Decision.Nothing,
    };

    /// <summary>The order that a message is about.</summary>
    public static Guid OrderOf(object message) => message switch
    {
        StockReserved reserved => reserved.OrderId,
        StockRejected rejected => rejected.OrderId,
        StockReleased released => released.OrderId,
        StockCommitted committed => committed.OrderId,
        PaymentCaptured captured => captured.OrderId,
        PaymentDeclined declined => declined.OrderId,
        PaymentRefunded refunded => refunded.OrderId,
        OrderShipped shipped => shipped.OrderId,
        ShipmentFailed failed => failed.OrderId,
        ShipmentCancelled cancelled => cancelled.OrderId,
        OrderDeadline deadline => deadline.OrderId,
        _ => throw new ArgumentOutOfRangeException(nameof(message), $"{message.GetType().Name} is about no order."),
    };

    private static Decision Go(OrderState order, SagaClock clock, OrderFact fact, params object[] messages)
    {
        // While a look is still to come that is early enough, there is no need of another.
        var next = order.After(fact, clock.Now);
        return new([fact], next.LooksAt != order.LooksAt ? [.. messages, new OrderDeadline(order.Id, next.LooksAt)] : messages);
    }

    private static Decision LookAgain(OrderState order) => new([], [new OrderDeadline(order.Id, order.Due)]);

    private static Decision Reject(OrderState order, StockRejected rejected, SagaClock clock)
    {
        Guid[] products = [.. rejected.Shortages.Select(shortage => shortage.ProductId)];
        return new([new StockRefused(products)], [new OrderRejected(order.Id, products, clock.Now)]);
    }

    /// <summary>Begins to give up, with what is known to be closed already.</summary>
    private static Decision GiveUp(OrderState order, SagaClock clock, string reason, params OrderFact[] closed) => Undo(order, clock, [new CancellationBegun(reason), .. closed]);

    private static Decision Undo(OrderState order, SagaClock clock, params OrderFact[] facts)
    {
        var next = facts.Aggregate(order, (state, fact) => state.After(fact, clock.Now));
        if (next.MayShip)
        {
            return new(facts, [new CancelShipment(order.Id)]);
        }

        List<object> messages = [];
        if (next.MayHoldStock)
        {
            messages.Add(new ReleaseStock(order.Id));
        }

        if (next.MayBeCharged)
        {
            messages.Add(Refund(next));
        }

        return messages.Count > 0 ? new(facts, messages) : End(next, facts, clock);
    }

    /// <summary>One thing less is open; with the last of them the order ends.</summary>
    private static Decision CloseOne(OrderState order, SagaClock clock, OrderFact fact)
    {
        var next = order.After(fact, clock.Now);
        return next.MayHoldStock || next.MayBeCharged ? new([fact], []) : End(next, [fact], clock);
    }

    private static Decision End(OrderState order, OrderFact[] facts, SagaClock clock) =>
        new([.. facts, new OrderGivenUp()], [new OrderCancelled(order.Id, ReasonOf(order), clock.Now)]);

    private static ShipmentLeft Leaves(OrderShipped shipped) => new(shipped.TrackingNumber, shipped.ShippedAt);

    private static ShipOrder Shipment(OrderState order)
    {
        var address = order.ShippingAddress;
        return new(
            order.Id,
            [.. order.Lines.Select(line => new ShipmentLine(line.ProductId, line.Quantity))],
            new ShippingAddress(address.Name, address.Street, address.PostalCode, address.City, address.Country));
    }

    private static OrderCompleted Completed(OrderState order, SagaClock clock) => new(
        order.Id,
        order.Customer,
        [.. order.Lines.Select(line => new CompletedLine(line.ProductId, line.Name, line.Quantity, line.UnitPrice))],
        order.Total,
        clock.Now);

    private static RefundPayment Refund(OrderState order) => new(order.Id, ReasonOf(order));

    private static string ReasonOf(OrderState order) => order.Reason ?? "The order was given up.";

    private static Payments.Contract.Money AmountOf(OrderState order) => new(order.Total.Amount, order.Total.Currency);

    private static string Overdue(OrderState order) => order.Status switch
    {
        Status.Submitted => "The inventory did not answer in time.",
        Status.StockReserved => "The payment was not made in time.",
        _ => "The shipment did not leave in time.",
    };
}
