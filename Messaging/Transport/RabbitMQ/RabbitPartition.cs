using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>
/// A queue of the group in the hands of this member. While it is, nobody else gets its messages; they are kept in their order, and what is in hand or waits
/// for its retry stays unacknowledged.
/// </summary>
internal sealed class RabbitPartition
{
    private const ushort ResourceLocked = 405;

    private readonly Lock _lock;
    private readonly Action _wake;
    private readonly IChannel _channel;
    private readonly LinkedList<RabbitEntry> _entries = [];
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _consumer = string.Empty;

    private RabbitPartition(IChannel channel, string queue, Lock @lock, Action wake) => (_channel, Queue, _lock, _wake) = (channel, queue, @lock, wake);

    public string Queue { get; }

    /// <summary>Whether it is being given back: nothing new comes, what there is will be finished.</summary>
    public bool Closing { get; private set; }

    /// <summary>When it is given back whatever is in hand.</summary>
    public DateTimeOffset ClosingUntil { get; private set; }

    public bool IsOpen => _channel.IsOpen && (Closing || !_cancelled.Task.IsCompleted);

    /// <summary>How many messages are here; under the lock.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes a queue.</summary>
    /// <returns>Null when another member has it.</returns>
    public static async Task<RabbitPartition?> TryOpenAsync(
        IConnection connection, string queue, ushort prefetch, Lock @lock, Action wake, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclareAsync(
                RabbitTopology.LockOf(queue), durable: false, exclusive: true, autoDelete: false, cancellationToken: cancellationToken);
            await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
            var partition = new RabbitPartition(channel, queue, @lock, wake);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += partition.OnReceivedAsync;
            consumer.UnregisteredAsync += (_, _) => partition.OnEnd();
            channel.ChannelShutdownAsync += (_, _) => partition.OnLost();
            partition._consumer = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
            return partition;
        }
        catch (OperationInterruptedException refusal) when (refusal.ShutdownReason?.ReplyCode == ResourceLocked)
        {
            await channel.DisposeAsync();
            return null;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks how many messages lie in the queue, given to nobody.</summary>
    public async Task<uint> ReadyAsync(CancellationToken cancellationToken) => (await _channel.QueueDeclarePassiveAsync(Queue, cancellationToken)).MessageCount;

    /// <summary>Hands out what may be; under the lock.</summary>
    /// <returns>When there is more, unless something happens before.</returns>
    public DateTimeOffset? Take(List<Delivery> taken, int limit, DateTimeOffset now, TimeSpan lease)
    {
        DateTimeOffset? next = null;
        HashSet<string>? held = null;
        foreach (var entry in _entries)
        {
            if (taken.Count >= limit)
            {
                break;
            }

            if (entry is { InHand: true } or { Paused: true } && entry.Until > now)
            {
                next = next is null || entry.Until < next ? entry.Until : next;
                if (entry.Paused && entry.Message.PartitionKey is { } key)
                {
                    (held ??= []).Add(key);
                }
            }
            else if (entry.Message.PartitionKey is not { } other || held?.Contains(other) != true)
            {
                (entry.InHand, entry.Paused, entry.Until) = (true, false, now + lease);
                taken.Add(new Delivery(entry.Message, ++entry.Attempts, entry));
            }
        }

        return next;
    }

    /// <summary>Whether a message is still here; under the lock.</summary>
    public bool Holds(RabbitEntry entry) => _entries.Contains(entry);

    /// <summary>Acknowledges, together what can be.</summary>
    public async Task AcknowledgeAsync(IReadOnlyCollection<RabbitEntry> done)
    {
        ulong all = 0;
        List<ulong> single = [];
        lock (_lock)
        {
            var left = new HashSet<RabbitEntry>(done);
            while (_entries.First is { } first && left.Remove(first.Value))
            {
                all = first.Value.Tag;
                _entries.RemoveFirst();
            }

            foreach (var entry in left)
            {
                if (_entries.Remove(entry))
                {
                    single.Add(entry.Tag);
                }
            }
        }

        if (all > 0)
        {
            await _channel.BasicAckAsync(all, multiple: true);
        }

        foreach (var tag in single)
        {
            await _channel.BasicAckAsync(tag, multiple: false);
        }
    }

    /// <summary>Begins to give it back.</summary>
    public async Task EndAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        (Closing, ClosingUntil) = (true, until);

        // The queue must not be without a consumer while something of it is unacknowledged here: when this member dies then, the broker lets the next one consume before it has taken that
        // back, and gives it what comes later first. A second consumer, of the same channel and active after the first, is taken back with the messages, in one step.
        await _channel.BasicQosAsync(0, 1, global: false, cancellationToken);
        await _channel.BasicConsumeAsync(Queue, autoAck: false, $"{_consumer}.successor", new Successor(_channel), cancellationToken);
        await _channel.BasicCancelAsync(_consumer, cancellationToken: cancellationToken);

        // What was on its way has arrived then.
        await _cancelled.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Gives it back: what is still here goes to the next in its old place.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_channel.IsOpen)
        {
            // First the messages, then the right to have them.
            await _channel.CloseAsync(cancellationToken);
        }

        await _channel.DisposeAsync();
    }

    private async Task OnReceivedAsync(object sender, BasicDeliverEventArgs delivered)
    {
        if (RabbitMessages.Read(delivered.BasicProperties, delivered.Body) is not { } message)
        {
            // Nobody could handle it, and it would be in the way.
            await _channel.BasicRejectAsync(delivered.DeliveryTag, requeue: false);
            return;
        }

        lock (_lock)
        {
            _entries.AddLast(new RabbitEntry(this, delivered.DeliveryTag, RabbitMessages.ReturnsOf(delivered.BasicProperties), message));
        }

        _wake();
    }

    // The broker has taken back everything.
    private Task OnLost()
    {
        lock (_lock)
        {
            _entries.Clear();
        }

        return OnEnd();
    }

    private Task OnEnd()
    {
        _cancelled.TrySetResult();
        _wake();
        return Task.CompletedTask;
    }

    /// <summary>Keeps the place; the message that it gets goes back with the rest.</summary>
    private sealed class Successor(IChannel channel) : AsyncDefaultBasicConsumer(channel);
}
