using System.Collections.Immutable;
using Shop.Ordering.Contract;

namespace Shop.Ordering.Orders;

/// <summary>An order: what its facts, one after the other, have made of it.</summary>
internal sealed record OrderState
{
    public required Guid Id { get; init; }

    /// <summary>How many facts there are.</summary>
    public int Version { get; init; }

    public OrderStatus Status { get; init; }

    public string Customer { get; init; } = "";

    public IReadOnlyList<OrderedLine> Lines { get; init; } = [];

    public Money Total { get; init; } = new(0, "");

    public Address ShippingAddress { get; init; } = new("", "", "", "", "");

    public string PaymentToken { get; init; } = "";

    /// <summary>When the answer that the order waits for is due; after that it is given up.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>When the message that looks after <see cref="Due"/> comes.</summary>
    public DateTimeOffset LooksAt { get; init; }

    /// <summary>Whether pieces may be held for it.</summary>
    public bool MayHoldStock { get; init; }

    /// <summary>Whether its customer may be charged.</summary>
    public bool MayBeCharged { get; init; }

    /// <summary>Whether a shipment may be on its way.</summary>
    public bool MayShip { get; init; }

    /// <summary>Why it was given up, refused or rejected.</summary>
    public string? Reason { get; init; }

    public string? TrackingNumber { get; init; }

    public ImmutableList<StatusChange> Timeline { get; init; } = [];

    public bool IsFinal => Status is OrderStatus.Completed or OrderStatus.Rejected or OrderStatus.Cancelled;

    /// <summary>The order after one more fact.</summary>
    public OrderState After(OrderFact fact, DateTimeOffset at)
    {
        var next = fact switch
        {
            OrderPlaced placed => Place(placed, at),
            StockHeld held => Await(held.Due, at) with { Status = OrderStatus.StockReserved, MayBeCharged = true },
            StockRefused refused => this with { Status = OrderStatus.Rejected, MayHoldStock = false, Reason = TooFew(refused) },
            PaymentTaken taken => Await(taken.Due, at) with { Status = OrderStatus.Paid, MayShip = true },
            PaymentRefused refused => this with { Status = OrderStatus.PaymentDeclined, MayBeCharged = false, Reason = refused.Reason },
            // Whatever was tried to stop it: the pieces are to be booked out of the stock now, held or not.
            ShipmentLeft left => this with
            {
                Status = OrderStatus.Shipped,
                MayShip = false,
                MayHoldStock = true,
                TrackingNumber = left.TrackingNumber,
                Reason = null,
            },
            CancellationBegun begun => this with { Status = OrderStatus.Cancelling, Reason = begun.Reason },
            ShipmentStopped => this with { MayShip = false },
            StockFreed => this with { MayHoldStock = false },
            PaymentTakenLate => this with { MayBeCharged = true },
            PaymentReturned => this with { MayBeCharged = false },
            OrderGivenUp => this with { Status = OrderStatus.Cancelled },
            OrderFinished => this with { Status = OrderStatus.Completed, MayHoldStock = false },
            _ => throw new ArgumentOutOfRangeException(nameof(fact), $"Nothing is known of a fact {fact.GetType().Name}."),
        };
        var changed = Version == 0 || next.Status != Status;
        return next with { Version = Version + 1, Timeline = changed ? Timeline.Add(new StatusChange(next.Status, at)) : Timeline };
    }

    private static string TooFew(StockRefused refused) => $"There are too few pieces of {string.Join(", ", refused.ProductIds)}.";

    private OrderState Place(OrderPlaced placed, DateTimeOffset at) => Await(placed.Due, at) with
    {
        Status = OrderStatus.Submitted,
        Customer = placed.Customer,
        Lines = placed.Lines,
        Total = placed.Total,
        ShippingAddress = placed.ShippingAddress,
        PaymentToken = placed.PaymentToken,
        MayHoldStock = true,
    };

    // One look is enough for several times: at the first of them it sees whether there is a later one.
    private OrderState Await(DateTimeOffset due, DateTimeOffset at) => this with { Due = due, LooksAt = at < LooksAt && LooksAt < due ? LooksAt : due };
}
