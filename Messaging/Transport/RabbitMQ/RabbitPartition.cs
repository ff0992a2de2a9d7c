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
    private DateTimeOffset _closingUntil;
    private ulong _lastTag;
    private volatile bool _cancelled;

    private RabbitPartition(IChannel channel, string queue, Lock @lock, Action wake) => (_channel, Queue, _lock, _wake) = (channel, queue, @lock, wake);

    public string Queue { get; }

    /// <summary>Whether it is being given back.</summary>
    public bool Closing { get; private set; }

    public bool IsOpen => _channel.IsOpen && !_cancelled;

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
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
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
    public DateTimeOffset? Take(List<Delivery> taken, int limit, DateTimeOffset now, TimeSpan lease) =>
        HeldMessage.Take(Closing ? _entries.TakeWhile(entry => entry.Tag <= _lastTag) : _entries, taken, limit, now, lease);

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

    /// <summary>Begins to give it back: what is here now is still handled, and nothing that comes later. Under the lock.</summary>
    /// <remarks>
    /// The consumer is not cancelled, though more comes that goes back untouched. A queue whose consumer is cancelled goes on with the next one while messages are unacknowledged here; and a
    /// quorum queue that takes messages back puts them behind those that it took back before. Only if nobody ever has more of a queue than one prefetch, and the next consumer begins after
    /// all is taken back, do messages keep their order when members die one after the other.
    /// </remarks>
    public void End(DateTimeOffset until) => (Closing, _closingUntil, _lastTag) = (true, until, _entries.Last?.Value.Tag ?? 0);

    /// <summary>Whether it can be given back: what was here when that began is done, or took too long. Under the lock.</summary>
    public bool IsEnded(DateTimeOffset now) => Closing && (_closingUntil < now || _entries.First is not { } first || first.Value.Tag > _lastTag);

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
        _cancelled = true;
        _wake();
        return Task.CompletedTask;
    }
}
