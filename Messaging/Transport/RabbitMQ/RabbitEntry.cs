namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>A message that the broker has given to this member.</summary>
/// <param name="partition">The queue that it came from.</param>
/// <param name="tag">By which the channel acknowledges it.</param>
/// <param name="returns">How often the broker has taken it back before.</param>
/// <param name="message">The message.</param>
internal sealed class RabbitEntry(RabbitPartition partition, ulong tag, int returns, TransportMessage message) : HeldMessage(returns, message)
{
    public RabbitPartition Partition { get; } = partition;

    public ulong Tag { get; } = tag;

    public override bool IsHeld => Partition.Holds(this);
}
