using Shop.Simulators.PaymentProvider.Charges;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>One line of the journal.</summary>
internal sealed record Entry
{
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>The charge, as it is after this.</summary>
    public Charge? Charge { get; init; }

    public Refund? Refund { get; init; }

    /// <summary>What a pending charge will become.</summary>
    public ChargeStatus? SettlesAs { get; init; }

    /// <summary>The caller's idempotency key.</summary>
    public string? Key { get; init; }

    /// <summary>A hash of what the key was used for. The token is nowhere else.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The event that a callback tells of, or has told of.</summary>
    public string? EventId { get; init; }
}
