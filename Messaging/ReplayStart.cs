namespace Trellis.Messaging;

/// <summary>From where on messages are handled again: from a time, or from an offset of one partition.</summary>
public sealed record ReplayStart
{
    private ReplayStart(DateTimeOffset? since, int? partition, long offset) => (Since, Partition, Offset) = (since, partition, offset);

    internal DateTimeOffset? Since { get; }

    internal int? Partition { get; }

    internal long Offset { get; }

    /// <summary>What was published at this time or later, in all partitions; the time is the broker's, or the publisher's, as the topic's <c>message.timestamp.type</c> says.</summary>
    /// <param name="since">The time.</param>
    public static ReplayStart At(DateTimeOffset since) => new(since, null, 0);

    /// <summary>What lies in one partition from an offset on. An offset that is not there any more counts as the oldest that is.</summary>
    /// <param name="partition">The partition's number, from 0.</param>
    /// <param name="offset">The offset, from 0.</param>
    public static ReplayStart At(int partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new(null, partition, offset);
    }
}
