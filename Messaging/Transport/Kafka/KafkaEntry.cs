namespace Trellis.Messaging.Transport.Kafka;

/// <summary>A message that this member has read and not completed.</summary>
/// <param name="partition">Where it lies.</param>
/// <param name="offset">Its place there.</param>
/// <param name="attempts">How many members died of it.</param>
/// <param name="message">The message.</param>
internal sealed class KafkaEntry(KafkaPartition partition, long offset, int attempts, TransportMessage message) : HeldMessage(attempts, message)
{
    public KafkaPartition Partition { get; } = partition;

    public long Offset { get; } = offset;

    /// <summary>Its place among those of its partition; null when it is done, or the partition somebody else's.</summary>
    public LinkedListNode<KafkaEntry>? Place { get; set; }

    public override bool IsHeld => Place is not null;
}
