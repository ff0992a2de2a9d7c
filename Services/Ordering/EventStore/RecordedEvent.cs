namespace Shop.Ordering.EventStore;

/// <summary>That something happened to an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">Counts the events of the order, from 1.</param>
/// <param name="Type">What happened.</param>
/// <param name="RecordedAt">When.</param>
/// <param name="CausationId">The message that made it happen; null for a request.</param>
/// <param name="TraceParent">The W3C trace context in which it happened.</param>
public sealed record RecordedEvent(Guid OrderId, int Version, string Type, DateTimeOffset RecordedAt, string? CausationId, string? TraceParent)
{
    internal static RecordedEvent Of(StoredEvent stored) =>
        new(stored.StreamId, stored.Version, stored.Type, stored.RecordedAt, stored.CausationId, stored.TraceParent);
}
