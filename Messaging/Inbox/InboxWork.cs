using Microsoft.Extensions.Logging;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Inbox;

/// <summary>The messages that this process holds: a lane for each key, as many lanes at work as may be, acknowledgements gathered.</summary>
internal sealed partial class InboxWork : IAsyncDisposable
{
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(1);

    private readonly IMessageReceiver _receiver;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<Delivery, CancellationToken, Task<Settlement>> _handle;
    private readonly Lock _lock = new();
    private readonly HashSet<Delivery> _held = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Queue<Delivery>> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _running = [];
    private readonly List<Delivery> _completed = [];
    private readonly SemaphoreSlim _slots;
    private readonly AsyncSignal _roomMade = new();
    private readonly AsyncSignal _toAcknowledge = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _handlers = new();
    private readonly Task _acknowledging;
    private readonly Task _renewing;

    public InboxWork(
        IMessageReceiver receiver, MessagingOptions options, TimeProvider time, ILogger logger, Func<Delivery, CancellationToken, Task<Settlement>> handle)
    {
        (_receiver, _options, _time, _logger, _handle) = (receiver, options, time, logger, handle);
        _slots = new SemaphoreSlim(options.Concurrency);
        _acknowledging = AcknowledgeAsync();
        _renewing = RenewAsync();
    }

    /// <summary>Waits until there is room for messages, and says for how many.</summary>
    public async Task<int> RoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                // Fetching for a few at a time would cost a round trip for each few.
                if (_options.Prefetch - _held.Count is var room && room >= Math.Max(1, _options.Prefetch / 4))
                {
                    return room;
                }
            }

            await _roomMade.WaitAsync(_options.PollInterval, _time, cancellationToken);
        }
    }

    public void Add(IReadOnlyList<Delivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in deliveries)
            {
                _held.Add(delivery);

                // The same message twice must not be at work twice at once either; without a key it has a lane of its own.
                var key = delivery.Message.PartitionKey is { } partition ? "k" + partition : "m" + delivery.Message.Id;
                if (_lanes.TryGetValue(key, out var lane))
                {
                    lane.Enqueue(delivery);
                    continue;
                }

                _lanes[key] = lane = new Queue<Delivery>([delivery]);
                var run = Task.Run(() => RunLaneAsync(key, lane));
                _running.Add(run);
                _ = run.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        void Forget(Task run)
        {
            lock (_lock)
            {
                _running.Remove(run);
            }
        }
    }

    /// <summary>Lets handlers at work finish, for a while; gives the rest back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _handlers.CancelAfter(_options.StopTimeout);
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        await Task.WhenAll(_acknowledging, _renewing);
        Delivery[] left;
        lock (_lock)
        {
            left = [.. _held.Except(_completed)];
        }

        try
        {
            await FlushAsync();
            if (left.Length > 0)
            {
                await _receiver.ReleaseAsync(left, TimeSpan.Zero, CancellationToken.None);
            }
        }
        catch (Exception failure)
        {
            // Their leases end.
            LogNotSettled(_logger, left.Length, failure.GetBaseException().Message);
        }

        _stop.Dispose();
        _handlers.Dispose();
        _slots.Dispose();
    }

    private async Task RunLaneAsync(string key, Queue<Delivery> lane)
    {
        while (true)
        {
            Delivery delivery;
            lock (_lock)
            {
                if (_stop.IsCancellationRequested || !lane.TryDequeue(out delivery!))
                {
                    _lanes.Remove(key);
                    return;
                }

                if (!_held.Contains(delivery))
                {
                    // Its lease is over: it and what follows are somebody else's.
                    continue;
                }
            }

            var settlement = await HandleAsync(delivery);
            Settle(delivery, settlement, lane, out var returned);
            if (returned.Count > 0)
            {
                await ReturnAsync(returned, settlement == Settlement.DatabaseAway ? DatabasePause : TimeSpan.Zero);
            }
        }
    }

    private async Task<Settlement> HandleAsync(Delivery delivery)
    {
        try
        {
            await _slots.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return Settlement.Returned;
        }

        try
        {
            return await _handle(delivery, _handlers.Token);
        }
        catch (Exception failure)
        {
            // It could not be settled. Its lease ends.
            LogNotSettled(_logger, 1, failure.GetBaseException().Message);
            return Settlement.Lost;
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Settle(Delivery delivery, Settlement settlement, Queue<Delivery> lane, out List<Delivery> returned)
    {
        returned = [];
        lock (_lock)
        {
            if (settlement == Settlement.Completed)
            {
                _completed.Add(delivery);
                _toAcknowledge.Set();
                return;
            }

            _held.Remove(delivery);
            if (settlement is Settlement.Returned or Settlement.DatabaseAway)
            {
                returned.Add(delivery);
            }

            if (settlement != Settlement.Settled)
            {
                returned.AddRange(lane.Where(_held.Contains));
                lane.Clear();
                _held.ExceptWith(returned);
            }
        }

        _roomMade.Set();
    }

    private async Task ReturnAsync(List<Delivery> deliveries, TimeSpan pause)
    {
        try
        {
            await _receiver.ReleaseAsync(deliveries, pause, CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotSettled(_logger, deliveries.Count, failure.GetBaseException().Message);
        }
    }

    private async Task AcknowledgeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _toAcknowledge.WaitAsync(_options.PollInterval, _time, _stop.Token);
                await FlushAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Again at the next signal or poll.
                LogNotSettled(_logger, _completed.Count, failure.GetBaseException().Message);
            }
        }
    }

    private async Task FlushAsync()
    {
        Delivery[] batch;
        lock (_lock)
        {
            batch = [.. _completed];
        }

        if (batch.Length == 0)
        {
            return;
        }

        await _receiver.CompleteAsync(batch, CancellationToken.None);
        lock (_lock)
        {
            _completed.RemoveRange(0, batch.Length);
            _held.ExceptWith(batch);
        }

        _roomMade.Set();
    }

    private async Task RenewAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_options.Lease / 3, _time, _stop.Token);
                Delivery[] held;
                lock (_lock)
                {
                    held = [.. _held.Except(_completed)];
                }

                if (held.Length > 0)
                {
                    var lost = await _receiver.RenewAsync(held, _stop.Token);
                    lock (_lock)
                    {
                        _held.ExceptWith(lost);
                    }
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Twice more before the leases end.
                LogNotRenewed(_logger, failure.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages could not be settled ({Reason}); without that they come again when their lease is over")]
    private static partial void LogNotSettled(ILogger logger, int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases were not renewed ({Reason})")]
    private static partial void LogNotRenewed(ILogger logger, string reason);
}
