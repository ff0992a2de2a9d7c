namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>A message that the broker has given to this member.</summary>
internal sealed class RabbitEntry(RabbitPartition partition, ulong tag, int returns, TransportMessage message)
{
    public RabbitPartition Partition { get; } = partition;

    public ulong Tag { get; } = tag;

    public TransportMessage Message { get; } = message;

    /// <summary>How often it was handed out: here, and by the broker before.</summary>
    public int Attempts { get; set; } = returns;

    /// <summary>Whether a handler has it.</summary>
    public bool InHand { get; set; }

    /// <summary>Until when a handler that says nothing has it, or when it comes again.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>Whether it waits for the end of its pause, and later ones of its key with it.</summary>
    public bool Paused { get; set; }
}
