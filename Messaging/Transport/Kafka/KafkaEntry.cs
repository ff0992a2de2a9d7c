namespace Trellis.Messaging.Transport.Kafka;

/// <summary>A message that this member has read and not completed.</summary>
internal sealed class KafkaEntry(KafkaPartition partition, long offset, int attempts, TransportMessage message)
{
    public KafkaPartition Partition { get; } = partition;

    public long Offset { get; } = offset;

    public TransportMessage Message { get; } = message;

    /// <summary>How often it was handed out: here, and by members that died of it.</summary>
    public int Attempts { get; set; } = attempts;

    /// <summary>Whether a handler has it.</summary>
    public bool InHand { get; set; }

    /// <summary>Until when a handler that says nothing has it, or when it comes again.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>Whether it waits for the end of its pause, and later ones of its key with it.</summary>
    public bool Paused { get; set; }

    /// <summary>Its place among those of its partition; null when it is done, or the partition somebody else's.</summary>
    public LinkedListNode<KafkaEntry>? Place { get; set; }
}
