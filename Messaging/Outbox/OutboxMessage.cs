namespace Trellis.Messaging.Outbox;

/// <summary>A row of the outbox: a message that is committed and not yet known to be with the broker.</summary>
internal sealed class OutboxMessage
{
    /// <summary>How many parts of the outbox relays can work on at once.</summary>
    public const int Partitions = 16;

    public required Guid Id { get; init; }

    /// <summary>The order of transactions: a number drawn under the locks of the keys. Comes from the database.</summary>
    public long Position { get; private set; }

    /// <summary>The order within one unit of work.</summary>
    public required int Ordinal { get; init; }

    /// <summary>What relays share the work by; all messages of a key are in one.</summary>
    public required short Partition { get; init; }

    public required string Type { get; init; }

    public string? PartitionKey { get; init; }

    /// <summary>Until then the row stays here.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>All CloudEvents attributes, as JSON.</summary>
    public required string Headers { get; init; }

    public required byte[] Body { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? ParkedAt { get; init; }

    public string? ParkedReason { get; init; }
}
