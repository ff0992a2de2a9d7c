using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>
/// A connection of a member of a group, and the queues of the group that it has. There is no leader: each member counts the members, takes what nobody has up
/// to its share, and gives back what is more.
/// </summary>
internal sealed class RabbitMembership : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    /// <summary>How many rounds pass between looks for what came late.</summary>
    private const int RoundsBetweenLooks = 10;

    private readonly IConnection _connection;
    private readonly IChannel _control;
    private readonly RabbitUnrouted _unrouted;
    private readonly string _group;
    private readonly IReadOnlyCollection<string> _types;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock;
    private readonly Action _wake;
    private readonly List<RabbitPartition> _partitions = [];
    private bool _earlyDone;
    private int _round;
    private int _turn;

    private RabbitMembership(
        RabbitMQTransport transport, IConnection connection, IChannel control, string group, IReadOnlyCollection<string> types, MessagingOptions options,
        TimeProvider time, Lock @lock, Action wake)
    {
        (_connection, _control, _group, _types, _options, _time, _lock, _wake) = (connection, control, group, types, options, time, @lock, wake);
        _unrouted = new RabbitUnrouted(transport, connection, group, time);
    }

    public bool IsOpen => _connection.IsOpen && _control.IsOpen;

    public static async Task<RabbitMembership> JoinAsync(
        RabbitMQTransport transport, string group, IReadOnlyCollection<string> types, MessagingOptions options, TimeProvider time, Lock @lock, Action wake,
        CancellationToken cancellationToken)
    {
        var connection = await transport.Connections.OpenAsync(cancellationToken);
        try
        {
            var control = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            var membership = new RabbitMembership(transport, connection, control, group, types, options, time, @lock, wake);
            connection.ConnectionShutdownAsync += (_, _) =>
            {
                wake();
                return Task.CompletedTask;
            };
            await RabbitTopology.DeclareGroupAsync(control, group, types, cancellationToken);
            foreach (var type in types)
            {
                await membership._unrouted.MoveAllAsync(type, cancellationToken);
            }

            // Nothing ever comes: consumers of this queue are counted.
            await control.BasicConsumeAsync(RabbitTopology.MembersQueue(group), autoAck: true, new AsyncEventingBasicConsumer(control), cancellationToken);
            await membership.BalanceAsync(cancellationToken);
            return membership;
        }
        catch
        {
            await RabbitConnections.CloseAsync(connection);
            throw;
        }
    }

    /// <summary>Hands out what may be; under the lock.</summary>
    /// <returns>When there is more, unless something happens before.</returns>
    public DateTimeOffset? Take(List<Delivery> taken, int limit)
    {
        DateTimeOffset? next = null;
        var now = _time.GetUtcNow();
        _turn++;
        for (var number = 0; number < _partitions.Count && taken.Count < limit; number++)
        {
            var due = _partitions[(_turn + number) % _partitions.Count].Take(taken, limit, now, _options.Lease);
            next = next is null || due < next ? due ?? next : next;
        }

        return next;
    }

    /// <summary>Takes and gives back queues.</summary>
    /// <returns>How soon that is worth another look.</returns>
    public async Task<TimeSpan> BalanceAsync(CancellationToken cancellationToken)
    {
        await GiveBackAsync(cancellationToken);
        if (!_earlyDone && !await FinishEarlyAsync(cancellationToken))
        {
            return Soon;
        }

        var members = Math.Max(1, (await _control.QueueDeclarePassiveAsync(RabbitTopology.MembersQueue(_group), cancellationToken)).ConsumerCount);
        var share = (RabbitTopology.Partitions + (int)members - 1) / (int)members;
        var active = _partitions.Where(partition => !partition.Closing).ToArray();
        if (active.Length > share)
        {
            foreach (var surplus in active.OrderBy(CountOf).Take(active.Length - share).ToArray())
            {
                End(surplus);
            }

            await GiveBackAsync(cancellationToken);
        }
        else if (active.Length < share)
        {
            await TakeAsync(share - active.Length, cancellationToken);
        }

        if (++_round % RoundsBetweenLooks == 0)
        {
            foreach (var type in _types)
            {
                await _unrouted.MoveLateAsync(type, cancellationToken);
            }
        }

        return _partitions.Exists(partition => partition.Closing) ? Soon : _options.PollInterval;
    }

    public async ValueTask DisposeAsync() => await RabbitConnections.CloseAsync(_connection);

    private int CountOf(RabbitPartition partition)
    {
        lock (_lock)
        {
            return partition.Count;
        }
    }

    private void End(RabbitPartition partition)
    {
        lock (_lock)
        {
            partition.End(_time.GetUtcNow() + _options.Lease);
        }
    }

    private bool IsGone(RabbitPartition partition)
    {
        lock (_lock)
        {
            return !partition.IsOpen || partition.IsEnded(_time.GetUtcNow());
        }
    }

    // What was published before the group was there goes before everything else, so nobody takes another queue while there is any.
    private async Task<bool> FinishEarlyAsync(CancellationToken cancellationToken)
    {
        var queue = RabbitTopology.EarlyQueue(_group);
        if (_partitions.Find(partition => partition.Queue == queue) is { } mine)
        {
            if (!mine.Closing && CountOf(mine) == 0 && await mine.ReadyAsync(cancellationToken) == 0)
            {
                End(mine);
            }

            return false;
        }

        var state = await _control.QueueDeclarePassiveAsync(queue, cancellationToken);
        _earlyDone = state is { MessageCount: 0, ConsumerCount: 0 };
        if (state is { MessageCount: > 0, ConsumerCount: 0 })
        {
            await TryTakeAsync(queue, cancellationToken);
        }

        return _earlyDone;
    }

    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Where(IsGone).ToArray())
        {
            lock (_lock)
            {
                _partitions.Remove(partition);
            }

            // First the messages, then the right to have them.
            await partition.CloseAsync(cancellationToken);
            await _control.QueueDeleteAsync(RabbitTopology.LockOf(partition.Queue), cancellationToken: cancellationToken);
        }
    }

    private async Task TakeAsync(int count, CancellationToken cancellationToken)
    {
        // In an order of its own, so that members that come together do not all want the same.
        var all = Enumerable.Range(0, RabbitTopology.Partitions).Select(number => RabbitTopology.Queue(_group, number)).ToArray();
        Random.Shared.Shuffle(all);
        foreach (var queue in all.Where(queue => !_partitions.Exists(partition => partition.Queue == queue)))
        {
            if (count > 0
                && (await _control.QueueDeclarePassiveAsync(queue, cancellationToken)).ConsumerCount == 0
                && await TryTakeAsync(queue, cancellationToken))
            {
                count--;
            }
        }
    }

    private async Task<bool> TryTakeAsync(string queue, CancellationToken cancellationToken)
    {
        var prefetch = (ushort)Math.Clamp(_options.Prefetch / 2, 1, ushort.MaxValue);
        if (await RabbitPartition.TryOpenAsync(_connection, queue, prefetch, _lock, _wake, cancellationToken) is not { } partition)
        {
            return false;
        }

        lock (_lock)
        {
            _partitions.Add(partition);
        }

        // What came before it was in the list.
        _wake();
        return true;
    }
}
