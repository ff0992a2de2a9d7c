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
    private Opened? _current;

    /// <summary>A client for other calls.</summary>
    public Handle Handle => Current().Producer.Handle;

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
        var current = Current();
        Dictionary<int, string> refused = [];
        var sent = parcels.Select(parcel => SendAsync(current.Producer, parcel)).ToArray();
        for (var index = 0; index < sent.Length; index++)
        {
            // Of one that was thrown away, nothing is heard any more.
            await Task.WhenAny(sent[index], current.Gone.Task).WaitAsync(cancellationToken);
            if (!sent[index].IsCompleted)
            {
                throw new KafkaException(new Error(ErrorCode.Local_Fail, "The producer failed at something else"));
            }

            try
            {
                await sent[index];
            }
            catch (KafkaException refusal) when (refusal.Error.Code == ErrorCode.MsgSizeTooLarge)
            {
                refused[index] = $"Kafka refuses it: {refusal.Error.Reason}";
            }
            catch (KafkaException)
            {
                Discard(current);
                throw;
            }
        }

        return refused;
    }

    public ValueTask DisposeAsync()
    {
        Opened? current;
        lock (_lock)
        {
            (current, _current) = (_current, null);
        }

        return current is null ? ValueTask.CompletedTask : new ValueTask(Task.Run(current.Producer.Dispose));
    }

    // Some refusals are thrown, and not told by the task.
    private static async Task SendAsync(IProducer<byte[]?, byte[]?> producer, Parcel parcel)
        => await producer.ProduceAsync(new TopicPartition(parcel.Topic, parcel.Partition), parcel.Record, CancellationToken.None);

    private Opened Current()
    {
        lock (_lock)
        {
            return _current ??= Open();
        }
    }

    private Opened Open()
    {
        Opened? opened = null;
        var producer = cluster.Producer(error =>
        {
            if (error.IsFatal && Volatile.Read(ref opened) is { } broken)
            {
                Discard(broken);
            }
        });
        Volatile.Write(ref opened, new Opened(producer));
        return opened;
    }

    private void Discard(Opened broken)
    {
        lock (_lock)
        {
            if (_current != broken)
            {
                return;
            }

            _current = null;

            // A cluster that was made anew has forgotten its topics.
            _known.Clear();
        }

        broken.Gone.TrySetResult();

        // Not on the producer's own thread, where it is told of its end.
        _ = Task.Run(broken.Producer.Dispose);
    }

    /// <summary>What is to be published, and where.</summary>
    internal readonly record struct Parcel(string Topic, Partition Partition, Message<byte[]?, byte[]?> Record);

    private sealed record Opened(IProducer<byte[]?, byte[]?> Producer)
    {
        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
