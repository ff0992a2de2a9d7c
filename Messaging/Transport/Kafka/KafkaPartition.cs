using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>
/// A partition in the hands of this member: what was read and not completed, in order. What lies before the first of it is done, and is all that the group
/// is told. Everything under the receiver's lock.
/// </summary>
internal sealed class KafkaPartition
{
    private readonly LinkedList<KafkaEntry> _entries = [];
    private readonly HandedMark _suspects;
    private HandedMark _marked;
    private long _next;

    /// <summary>Takes a partition.</summary>
    /// <param name="place">Which.</param>
    /// <param name="start">Where this member begins to read.</param>
    /// <param name="mark">What the last member has handed out.</param>
    public KafkaPartition(TopicPartition place, long start, HandedMark mark)
    {
        (Place, _next, _marked) = (place, start, mark);
        _suspects = mark.End > start ? mark with { Deaths = mark.Deaths + 1 } : default;
    }

    public TopicPartition Place { get; }

    /// <summary>Whether it is being given back: nothing more is handed out.</summary>
    public bool Closing { get; set; }

    /// <summary>Whether the consumer was told to read no more of it for now.</summary>
    public bool Paused { get; set; }

    public int Count => _entries.Count;

    public bool HasInHand => _entries.Any(entry => entry.InHand);

    /// <summary>The offset of the first message that is not done.</summary>
    public long Position => _entries.First?.Value.Offset ?? _next;

    public void Add(long offset, TransportMessage? message)
    {
        _next = offset + 1;
        if (message is not null)
        {
            var entry = new KafkaEntry(this, offset, offset < _suspects.End ? _suspects.Deaths : 0, message);
            entry.Place = _entries.AddLast(entry);
        }
    }

    /// <summary>Hands out what may be.</summary>
    /// <returns>When there is more, unless something happens before.</returns>
    public DateTimeOffset? Take(List<Delivery> taken, int limit, DateTimeOffset now, TimeSpan lease) =>
        Closing ? null : HeldMessage.Take(_entries, taken, limit, now, lease);

    /// <summary>What must be known to the next member before these are handed out; null when it would find out already.</summary>
    public HandedMark? MarkFor(long lastTaken)
    {
        // While any that a member may have died of is left, its count is what matters.
        var needed = Position < _suspects.End ? _suspects : new HandedMark(lastTaken + 1, 0);
        return needed == _marked || (needed.Deaths == 0 && _marked.Deaths == 0 && needed.End <= _marked.End) ? null : needed;
    }

    /// <summary>What the next member should know when nothing is in hand any more; null when that is known.</summary>
    public HandedMark? MarkForEnd() => !HasInHand && _marked.End > Position ? new HandedMark(Position, 0) : null;

    public void Marked(HandedMark mark) => _marked = mark;

    public void Remove(KafkaEntry entry)
    {
        if (entry.Place is { } place)
        {
            _entries.Remove(place);
            entry.Place = null;
        }
    }

    /// <summary>It is somebody else's now.</summary>
    public void Clear()
    {
        foreach (var entry in _entries)
        {
            entry.Place = null;
        }

        _entries.Clear();
        Closing = true;
    }
}
