using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>
/// Publishes in order and waits for the confirms. A producer that could not send something is thrown away with all that it still holds, so that nothing
/// overtakes the next attempt.
/// </summary>
internal sealed class KafkaPublisher(KafkaCluster cluster) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>A client for other calls.</summary>
    public Handle Handle => Current().Handle;

    public async Task EnsureAsync(IEnumerable<KafkaCluster.Topic> topics, CancellationToken cancellationToken)
    {
        KafkaCluster.Topic[] unknown;
        lock (_lock)
        {
            unknown = [.. topics.Where(topic => !_known.ContainsKey(topic.Name))];
        }

        if (unknown.Length == 0)
        {
            return;
        }

        await cluster.EnsureAsync(Handle, unknown, cancellationToken);
        lock (_lock)
        {
            foreach (var topic in unknown)
            {
                _known[topic.Name] = true;
            }
        }
    }

    /// <summary>Publishes all in this order.</summary>
    /// <returns>What the broker will never take, by index.</returns>
    /// <exception cref="KafkaException">Some may have been stored, in order within each key.</exception>
    public async Task<IReadOnlyDictionary<int, string>> PublishAsync(IReadOnlyList<Parcel> parcels, CancellationToken cancellationToken)
    {
        var producer = Current();
        Dictionary<int, string> refused = [];
        var sent = new Task<DeliveryResult<byte[]?, byte[]?>>[parcels.Count];
        for (var index = 0; index < parcels.Count; index++)
        {
            sent[index] = producer.ProduceAsync(new TopicPartition(parcels[index].Topic, parcels[index].Partition), parcels[index].Record, CancellationToken.None);
        }

        KafkaException? failure = null;
        for (var index = 0; index < sent.Length; index++)
        {
            try
            {
                await sent[index].WaitAsync(cancellationToken);
            }
            catch (KafkaException refusal) when (refusal.Error.Code == ErrorCode.MsgSizeTooLarge)
            {
                refused[index] = $"Kafka refuses it: {refusal.Error.Reason}";
            }
            catch (KafkaException absence)
            {
                failure ??= absence;
            }
        }

        if (failure is not null)
        {
            Discard(producer);
            throw failure;
        }

        return refused;
    }

    public ValueTask DisposeAsync()
    {
        IProducer<byte[]?, byte[]?>? producer;
        lock (_lock)
        {
            (producer, _producer) = (_producer, null);
        }

        return producer is null ? ValueTask.CompletedTask : new ValueTask(Task.Run(producer.Dispose));
    }

    private IProducer<byte[]?, byte[]?> Current()
    {
        lock (_lock)
        {
            return _producer ??= Open();
        }
    }

    private IProducer<byte[]?, byte[]?> Open()
    {
        IProducer<byte[]?, byte[]?>? producer = null;
        producer = cluster.Producer(error =>
        {
            if (error.IsFatal && producer is { } broken)
            {
                Discard(broken);
            }
        });
        return producer;
    }

    private void Discard(IProducer<byte[]?, byte[]?> producer)
    {
        lock (_lock)
        {
            if (_producer != producer)
            {
                return;
            }

            _producer = null;

            // A cluster that was made anew has forgotten its topics.
            _known.Clear();
        }

        // Not on the producer's own thread, where it is told of its end.
        _ = Task.Run(producer.Dispose);
    }

    /// <summary>What is to be published, and where.</summary>
    internal readonly record struct Parcel(string Topic, Partition Partition, Message<byte[]?, byte[]?> Record);
}
