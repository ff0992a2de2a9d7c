namespace Shop.Payments.Callbacks;

/// <summary>A callback that has taken effect.</summary>
public sealed class ReceivedCallback
{
    internal const int LongestId = 100;

    /// <summary>The provider's id of the event; the same each time it tells of it.</summary>
    public required string EventId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
}
