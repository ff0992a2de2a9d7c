namespace Shop.Payments.Charging;

/// <summary>What is charged for an order, or was. To be changed only by who has locked its row.</summary>
public sealed class Payment
{
    /// <summary>The provider takes no longer ones.</summary>
    internal const int LongestToken = 200;

    internal const int LongestText = 200;

    /// <summary>ISO 4217: no currency. That of an order whose refund was asked for before its charge.</summary>
    internal const string NoCurrency = "XXX";

    public required Guid OrderId { get; init; }

    public PaymentState State { get; private set; } = PaymentState.Waiting;

    /// <summary>What is to be charged, in minor units.</summary>
    public long Amount { get; init; }

    public string Currency { get; init; } = NoCurrency;

    /// <summary>What the charge is made with. Not kept longer than it is needed.</summary>
    public string? Token { get; set; }

    /// <summary>The provider's id of the charge.</summary>
    public string? ChargeId { get; private set; }

    public long Captured { get; private set; }

    public long Refunded { get; private set; }

    /// <summary>Whether the order is to end uncharged.</summary>
    public bool RefundRequested { get; private set; }

    public string? DeclineReason { get; private set; }

    public string? RefundReason { get; private set; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the provider is to be asked next; nothing, if there is nothing to ask.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>How often it was asked for what is to be done now.</summary>
    public int Attempts { get; private set; }

    /// <summary>The message that made the last thing happen.</summary>
    public Guid? CausedBy { get; set; }

    /// <summary>The trace of that message (W3C): what happens later, elsewhere, belongs to it.</summary>
    public string? TraceParent { get; set; }

    public bool IsDueBy(DateTimeOffset now) => DueAt <= now;

    /// <summary>The provider is to be asked for the charge.</summary>
    public void Await(DateTimeOffset now) => DueAt = now;

    public void Capture(string chargeId, long amount, DateTimeOffset now)
    {
        (State, ChargeId, Captured) = (PaymentState.Captured, chargeId, amount);
        Settle(RefundRequested ? now : null);
    }

    /// <summary>Nothing is charged. Whoever wanted the order uncharged has what he asked for.</summary>
    public void Decline(string? chargeId, string reason)
    {
        (State, ChargeId, DeclineReason) = (RefundRequested ? PaymentState.Refunded : PaymentState.Declined, chargeId, reason);
        Settle(dueAt: null);
    }

    /// <summary>The order is to end uncharged, which is done at once where nothing was charged and nothing can have been.</summary>
    public void RequestRefund(string reason, DateTimeOffset now)
    {
        (RefundRequested, RefundReason) = (true, reason);
        if (State is PaymentState.Waiting or PaymentState.Declined)
        {
            State = PaymentState.Refunded;
            Settle(dueAt: null);
        }
        else if (State == PaymentState.Captured)
        {
            Settle(now);
        }
    }

    public void Refund()
    {
        (State, Refunded) = (PaymentState.Refunded, Captured);
        Settle(dueAt: null);
    }

    private void Settle(DateTimeOffset? dueAt) => (Token, Attempts, DueAt) = (null, 0, dueAt);
}
