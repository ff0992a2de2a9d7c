namespace Shop.Fulfilment.Shipments;

/// <summary>The shipment of an order; there is one at most.</summary>
public sealed class Shipment
{
    public const int LongestText = 500;

    public required Guid OrderId { get; init; }

    public ShipmentState State { get; private set; }

    /// <summary>Only until it is settled: nobody needs the customer's address after that.</summary>
    public Parcel? Parcel { get; private set; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the carrier is to be asked next, by whoever comes first; null when there is nothing to ask.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>How often the carrier was asked, or is about to be.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether somebody wants it not to leave.</summary>
    public bool CancelRequested { get; private set; }

    public string? TrackingNumber { get; private set; }

    /// <summary>Why it failed, or is about to.</summary>
    public string? Reason { get; private set; }

    /// <summary>When it was settled; of a shipped one, when the carrier took it.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The message whose answer is outstanding.</summary>
    public Guid? CausedBy { get; set; }

    /// <summary>The span of that message.</summary>
    public string? TraceParent { get; set; }

    /// <summary>Whether the transaction at hand has taken it, so that this process asks the carrier as soon as it is committed.</summary>
    public bool IsTaken { get; private set; }

    public bool IsSettled => State is ShipmentState.Shipped or ShipmentState.Failed or ShipmentState.Cancelled;

    public void HandOver(Parcel parcel, DateTimeOffset leaseEnds)
    {
        (State, Parcel) = (ShipmentState.HandingOver, parcel);
        Take(leaseEnds);
    }

    /// <summary>Has it cancelled, at once if the carrier knows nothing of it for sure.</summary>
    public void RequestCancel(DateTimeOffset now, DateTimeOffset leaseEnds)
    {
        CancelRequested = true;
        if (State == ShipmentState.HandingOver)
        {
            State = ShipmentState.Withdrawing;
            Take(leaseEnds);
        }
        else if (State != ShipmentState.Withdrawing)
        {
            Settle(ShipmentState.Cancelled, now);
        }
    }

    public void Ship(string trackingNumber, DateTimeOffset at)
    {
        TrackingNumber = trackingNumber;

        // As the database keeps it, so that the first answer is what all others are.
        Settle(ShipmentState.Shipped, at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)));
    }

    public void Fail(string reason, DateTimeOffset now)
    {
        Reason = reason;
        Settle(ShipmentState.Failed, now);
    }

    /// <summary>The carrier neither has it nor will take it.</summary>
    public void Withdrawn(DateTimeOffset now) => Settle(CancelRequested ? ShipmentState.Cancelled : ShipmentState.Failed, now);

    private void Settle(ShipmentState state, DateTimeOffset at) => (State, EndedAt, DueAt, Parcel) = (state, at, null, null);

    private void Take(DateTimeOffset leaseEnds)
    {
        DueAt = leaseEnds;
        Attempts++;
        IsTaken = true;
    }
}
