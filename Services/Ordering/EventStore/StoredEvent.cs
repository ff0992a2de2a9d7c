namespace Shop.Ordering.EventStore;

/// <summary>An event as it is stored. Rows are only ever added; the table refuses everything else.</summary>
public sealed class StoredEvent
{
    /// <summary>The order.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>1 for the first of the stream; of two writers of one version, one wins.</summary>
    public required int Version { get; init; }

    /// <summary>Drawn when the row is written. Alone it is no order to read in: see <see cref="EventLog"/>.</summary>
    public long Position { get; private set; }

    /// <summary>The transaction that wrote it, as PostgreSQL counts them.</summary>
    public ulong TransactionId { get; private set; }

    /// <summary>What it is, by a name that outlives the code's.</summary>
    public required string Type { get; init; }

    /// <summary>The content, JSON.</summary>
    public required string Data { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The message that made it happen; null for a request.</summary>
    public string? CausationId { get; init; }

    /// <summary>What it belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The W3C trace context in which it happened.</summary>
    public string? TraceParent { get; init; }
}
