using Microsoft.Extensions.Logging;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>A member of a group. It joins again by itself when its connection is lost; what it had in hand then is no longer its own.</summary>
internal sealed partial class RabbitReceiver : IMessageReceiver
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>All headers share one frame.</summary>
    private const int LongestReason = 16 * 1024;

    private readonly RabbitMQTransport _transport;
    private readonly string _group;
    private readonly IReadOnlyCollection<string> _types;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly AsyncSignal _arrived = new();
    private readonly AsyncSignal _changed = new();
    private readonly CancellationTokenSource _closed = new();
    private Task _maintaining = Task.CompletedTask;
    private RabbitMembership? _membership;
    private Exception? _away;
    private bool _disposed;

    private RabbitReceiver(RabbitMQTransport transport, string group, IReadOnlyCollection<string> types, MessagingOptions options, TimeProvider time, ILogger logger)
        => (_transport, _group, _types, _options, _time, _logger) = (transport, group, types, options, time, logger);

    public static async Task<RabbitReceiver> OpenAsync(
        RabbitMQTransport transport, string group, IReadOnlyCollection<string> types, MessagingOptions options, TimeProvider time, ILogger logger,
        CancellationToken cancellationToken)
    {
        var receiver = new RabbitReceiver(transport, group, types, options, time, logger);
        receiver._membership = await RabbitConnections.CallAsync(() => receiver.JoinAsync(cancellationToken));
        receiver._maintaining = receiver.MaintainAsync();
        return receiver;
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
                if (_away is { } reason)
                {
                    throw RabbitConnections.Unavailable(reason);
                }

                if (_membership?.Take(taken, limit) is { } next && next - _time.GetUtcNow() is var due && due < pause)
                {
                    pause = due > TimeSpan.Zero ? due : TimeSpan.FromMilliseconds(1);
                }
            }

            if (taken.Count > 0)
            {
                return taken;
            }

            await _arrived.WaitAsync(pause, _time, cancellationToken);
        }
    }

    public async Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        foreach (var partition in deliveries.Select(EntryOf).GroupBy(entry => entry.Partition))
        {
            try
            {
                await partition.Key.AcknowledgeAsync([.. partition]);
                if (partition.Key.Closing)
                {
                    _changed.Set();
                }
            }
            catch (Exception failure) when (RabbitConnections.IsAbsence(failure))
            {
                // It comes again, and the inbox knows it.
            }
        }
    }

    public Task RetryAsync(Delivery delivery, TimeSpan pause, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            EntryOf(delivery).Pause(pause, _time.GetUtcNow());
        }

        _arrived.Set();
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(IReadOnlyList<Delivery> deliveries, TimeSpan pause, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            HeldMessage.Release(deliveries, pause, _time.GetUtcNow());
        }

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

        var properties = RabbitMessages.PropertiesOf(entry.Message);
        properties.Headers![RabbitMessages.ReasonHeader] = reason.Length > LongestReason ? reason[..LongestReason] : reason;
        properties.Headers[RabbitMessages.AttemptsHeader] = delivery.Attempts;
        properties.Headers[RabbitMessages.DeadSinceHeader] = _time.GetUtcNow().ToUnixTimeMilliseconds();
        await _transport.PublishAsync([new ConfirmedChannel.Parcel(string.Empty, RabbitTopology.DeadQueue(_group), properties, entry.Message.Body)], cancellationToken);
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
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _closed.CancelAsync();
        await _maintaining;
        if (_membership is { } membership)
        {
            await membership.DisposeAsync();
        }

        _closed.Dispose();
    }

    private static RabbitEntry EntryOf(Delivery delivery) => (RabbitEntry)delivery.Receipt;

    private Task<RabbitMembership> JoinAsync(CancellationToken cancellationToken) => RabbitMembership.JoinAsync(
        _transport, _group, _types, _options, _time, _lock, Wake, cancellationToken);

    private void Wake()
    {
        _arrived.Set();
        if (_membership is { IsOpen: false })
        {
            _changed.Set();
        }
    }

    private async Task MaintainAsync()
    {
        for (var failures = 0; !_closed.IsCancellationRequested;)
        {
            try
            {
                if (_membership is null or { IsOpen: false })
                {
                    await LeaveAsync(new IOException("The connection was lost"));
                    var membership = await JoinAsync(_closed.Token);
                    lock (_lock)
                    {
                        (_membership, _away) = (membership, null);
                    }

                    _arrived.Set();
                }

                var soon = await _membership!.BalanceAsync(_closed.Token);
                failures = 0;
                await _changed.WaitAsync(soon, _time, _closed.Token);
            }
            catch (Exception) when (_closed.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                await LeaveAsync(failure);
                var pause = BackOff.After(++failures, FirstPause, LongestPause);
                LogLost(_logger, _group, failure.GetBaseException().Message, pause);
                await Task.Delay(pause, _time, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LeaveAsync(Exception reason)
    {
        RabbitMembership? left;
        lock (_lock)
        {
            (left, _membership, _away) = (_membership, null, reason);
        }

        _arrived.Set();
        if (left is not null)
        {
            await left.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Group {Group} is not reached ({Reason}); trying again in {Pause}")]
    private static partial void LogLost(ILogger logger, string group, string reason, TimeSpan pause);
}
