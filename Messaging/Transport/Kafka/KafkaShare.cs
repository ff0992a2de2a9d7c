using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>The partitions that a member has, under the receiver's lock.</summary>
internal sealed class KafkaShare(MessagingOptions options, Lock @lock)
{
    private readonly Dictionary<TopicPartition, KafkaPartition> _partitions = [];
    private int _turn;

    /// <summary>Hands out what may be, each time from another partition on.</summary>
    /// <returns>When there is more, unless something happens before.</returns>
    public DateTimeOffset? Take(List<Delivery> taken, int limit, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        lock (@lock)
        {
            var partitions = _partitions.Values.ToArray();
            _turn = (_turn + 1) % Math.Max(1, partitions.Length);
            for (var index = 0; index < partitions.Length; index++)
            {
                var due = partitions[(_turn + index) % partitions.Length].Take(taken, limit, now, options.Lease);
                next = next is null || due < next ? due ?? next : next;
            }
        }

        return next;
    }

    /// <summary>What must be known to others before these are handed out.</summary>
    public List<(KafkaPartition Partition, HandedMark Mark)> MarksFor(IEnumerable<Delivery> taken)
    {
        lock (@lock)
        {
            List<(KafkaPartition Partition, HandedMark Mark)> marks = [];
            foreach (var entries in taken.Select(delivery => (KafkaEntry)delivery.Receipt).GroupBy(entry => entry.Partition))
            {
                if (entries.Key.MarkFor(entries.Max(entry => entry.Offset)) is { } mark)
                {
                    marks.Add((entries.Key, mark));
                }
            }

            return marks;
        }
    }

    /// <summary>What the next members should know of partitions that go to them.</summary>
    public List<(KafkaPartition Partition, HandedMark Mark)> MarksForEnd(IEnumerable<KafkaPartition> leaving)
    {
        lock (@lock)
        {
            List<(KafkaPartition Partition, HandedMark Mark)> marks = [];
            foreach (var partition in leaving)
            {
                if (partition.MarkForEnd() is { } mark)
                {
                    marks.Add((partition, mark));
                }
            }

            return marks;
        }
    }

    public void Marked(IEnumerable<(KafkaPartition Partition, HandedMark Mark)> marks)
    {
        lock (@lock)
        {
            foreach (var (partition, mark) in marks)
            {
                partition.Marked(mark);
            }
        }
    }

    /// <summary>These are done.</summary>
    /// <param name="entries">Which.</param>
    /// <param name="store">Is told where the group is now, under the lock, so that it hears no older place after a newer one.</param>
    public void Complete(IEnumerable<KafkaEntry> entries, Action<TopicPartitionOffset> store)
    {
        lock (@lock)
        {
            foreach (var done in entries.GroupBy(entry => entry.Partition))
            {
                var before = done.Key.Position;
                foreach (var entry in done)
                {
                    done.Key.Remove(entry);
                }

                if (done.Key.Position > before)
                {
                    store(new TopicPartitionOffset(done.Key.Place, done.Key.Position));
                }
            }
        }
    }

    public void Add(KafkaPartition partition)
    {
        lock (@lock)
        {
            _partitions[partition.Place] = partition;
        }
    }

    /// <summary>Keeps what was read; a record that is no message only counts as read.</summary>
    public void Add(TopicPartition place, long offset, TransportMessage? message, Action<TopicPartitionOffset> store)
    {
        lock (@lock)
        {
            if (_partitions.TryGetValue(place, out var partition))
            {
                partition.Add(offset, message);
                if (partition.Count == 0)
                {
                    store(new TopicPartitionOffset(place, partition.Position));
                }
            }
        }
    }

    /// <summary>Of which partitions too much lies here, and of which no longer.</summary>
    public (List<TopicPartition> Full, List<TopicPartition> Again) Balance()
    {
        List<TopicPartition> full = [];
        List<TopicPartition> again = [];
        lock (@lock)
        {
            foreach (var partition in _partitions.Values)
            {
                if (!partition.Paused && partition.Count >= 2 * options.Prefetch)
                {
                    partition.Paused = true;
                    full.Add(partition.Place);
                }
                else if (partition.Paused && partition.Count <= options.Prefetch)
                {
                    partition.Paused = false;
                    again.Add(partition.Place);
                }
            }
        }

        return (full, again);
    }

    /// <summary>Hands out nothing more of these.</summary>
    public List<KafkaPartition> BeginToLeave(IEnumerable<TopicPartitionOffset> places)
    {
        lock (@lock)
        {
            List<KafkaPartition> leaving = [];
            foreach (var place in places)
            {
                if (_partitions.TryGetValue(place.TopicPartition, out var partition))
                {
                    partition.Closing = true;
                    leaving.Add(partition);
                }
            }

            return leaving;
        }
    }

    public bool HasInHand(List<KafkaPartition> partitions)
    {
        lock (@lock)
        {
            return partitions.Exists(partition => partition.HasInHand);
        }
    }

    public List<TopicPartitionOffset> Positions(IEnumerable<KafkaPartition> partitions)
    {
        lock (@lock)
        {
            return [.. partitions.Select(partition => new TopicPartitionOffset(partition.Place, partition.Position))];
        }
    }

    /// <summary>These are somebody else's now.</summary>
    public void Drop(IEnumerable<TopicPartition> places)
    {
        lock (@lock)
        {
            foreach (var place in places)
            {
                if (_partitions.Remove(place, out var partition))
                {
                    partition.Clear();
                }
            }
        }
    }

    public void DropAll()
    {
        lock (@lock)
        {
            Drop([.. _partitions.Keys]);
        }
    }
}
