using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>A member of a group. What it holds, it holds by having the partition; what is settled there is told to the group when all before it is.</summary>
internal sealed class KafkaReceiver : IMessageReceiver
{
    private const int LongestReason = 16 * 1024;

    private readonly KafkaTransport _transport;
    private readonly string _group;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly AsyncSignal _arrived = new();
    private readonly KafkaMember _member;
    private bool _disposed;

    private KafkaReceiver(
        KafkaTransport transport, KafkaCluster cluster, string group, IReadOnlyCollection<string> types, IReadOnlyDictionary<string, long[]> starts,
        MessagingOptions options, TimeProvider time, ILogger logger)
    {
        (_transport, _group, _options, _time) = (transport, group, options, time);
        _member = new KafkaMember(
            cluster, group, types.Select(KafkaTopology.TopicOf).Append(KafkaTopology.RetryTopic(group)), starts, options, logger, _lock, _arrived.Set);
    }

    public static async Task<KafkaReceiver> OpenAsync(
        KafkaTransport transport, KafkaCluster cluster, string group, IReadOnlyCollection<string> types, IReadOnlyDictionary<string, long[]> starts,
        MessagingOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var receiver = new KafkaReceiver(transport, cluster, group, types, starts, options, time, logger);
        try
        {
            // Others give up what is to be this one's. Where there are more members than partitions it gets none.
            await Task.WhenAny(receiver._member.Assigned, Task.Delay(KafkaCluster.Patience, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            return receiver;
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }
    }

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<Delivery> taken = [];
            var pause = _options.PollInterval;
            lock (_lock)
            {
                if (_member.Take(taken, limit, _time.GetUtcNow()) is { } next && next - _time.GetUtcNow() is var due && due < pause)
                {
                    pause = due > TimeSpan.Zero ? due : TimeSpan.FromMilliseconds(1);
                }
            }

            if (taken.Count > 0)
            {
                await MarkAsync(taken);
                return taken;
            }

            await _arrived.WaitAsync(pause, _time, cancellationToken);
        }
    }

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        _member.Complete(deliveries.Select(EntryOf));
        _arrived.Set();
        return Task.CompletedTask;
    }

    public Task RetryAsync(Delivery delivery, TimeSpan pause, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            EntryOf(delivery).Pause(pause, _time.GetUtcNow());
        }

        _member.Settle();
        _arrived.Set();
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(IReadOnlyList<Delivery> deliveries, TimeSpan pause, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            HeldMessage.Release(deliveries, pause, _time.GetUtcNow());
        }

        _member.Settle();
        _arrived.Set();
        return Task.CompletedTask;
    }

    public async Task<bool> DeadLetterAsync(Delivery delivery, string reason, CancellationToken cancellationToken)
    {
        var entry = EntryOf(delivery);
        lock (_lock)
        {
            if (!entry.IsHeld)
            {
                return false;
            }
        }

        var letter = KafkaMessages.LetterOf(entry.Message, delivery.Attempts, reason.Length > LongestReason ? reason[..LongestReason] : reason, _time.GetUtcNow());
        await _transport.SetAsideAsync(_group, letter, cancellationToken);
        await CompleteAsync([delivery], cancellationToken);
        return true;
    }

    public Task<IReadOnlyList<Delivery>> RenewAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(HeldMessage.Renew(deliveries, _time.GetUtcNow(), _options.Lease));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            await _member.DisposeAsync();
        }
    }

    private static KafkaEntry EntryOf(Delivery delivery) => (KafkaEntry)delivery.Receipt;

    private async Task MarkAsync(List<Delivery> taken)
    {
        try
        {
            await _member.MarkAsync(taken);
        }
        catch (KafkaException failure)
        {
            await ReleaseAsync(taken, TimeSpan.Zero, CancellationToken.None);
            throw KafkaCluster.Unavailable(failure);
        }
    }
}
