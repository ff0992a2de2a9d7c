using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using Shop.Ordering.Data;
using Shop.Ordering.Reading;

namespace Shop.Ordering.Watching;

/// <summary>
/// Tells the watchers of this replica what any replica has changed: NOTIFY says which orders, one query for all watchers says what they have become. What a
/// lost notification would have said is found by looking now and then.
/// </summary>
internal sealed partial class OrderFeed(
    IServiceScopeFactory scopes,
    DatabasePreparation preparation,
    WatchConnections connections,
    IOptions<WatchSettings> settings,
    TimeProvider time,
    ILogger<OrderFeed> logger) : BackgroundService
{
    public const string Channel = "order_changed";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<OrderSubscription, bool> _subscriptions = new();
    private readonly Channel<Guid[]> _changes = System.Threading.Channels.Channel.CreateUnbounded<Guid[]>();

    public OrderSubscription Subscribe(Guid orderId)
    {
        var subscription = new OrderSubscription(orderId, left => _subscriptions.TryRemove(left, out _));
        _subscriptions[subscription] = true;
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.Done.WaitAsync(stoppingToken);
        await Task.WhenAll(
            RepeatAsync(ListenAsync, stoppingToken),
            RepeatAsync(DistributeAsync, stoppingToken),
            LookNowAndThenAsync(stoppingToken));
    }

    /// <summary>Names some orders; none stands for all.</summary>
    private static Guid[] Read(string payload) =>
    [
        .. payload.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Guid.TryParseExact(text, "N", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty),
    ];

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await connections.OpenAsync(stoppingToken);
        connection.Notification += (_, notification) => _changes.Writer.TryWrite(Read(notification.Payload));
        await using (var command = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await command.ExecuteNonQueryAsync(stoppingToken);
        }

        // What came before this is not announced again.
        _changes.Writer.TryWrite([]);
        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }

    private async Task DistributeAsync(CancellationToken stoppingToken)
    {
        while (await _changes.Reader.WaitToReadAsync(stoppingToken))
        {
            var changed = new HashSet<Guid>();
            var all = false;
            while (_changes.Reader.TryRead(out var ids))
            {
                all |= ids.Length == 0;
                changed.UnionWith(ids);
            }

            OrderSubscription[] subscriptions = [.. _subscriptions.Keys.Where(subscription => all || changed.Contains(subscription.OrderId))];
            if (subscriptions.Length == 0)
            {
                continue;
            }

            await using var scope = scopes.CreateAsyncScope();
            Guid[] watched = [.. subscriptions.Select(subscription => subscription.OrderId).Distinct()];
            var rows = await scope.ServiceProvider.GetRequiredService<OrderReader>().FindAsync(watched, stoppingToken);
            foreach (var subscription in subscriptions)
            {
                if (rows.TryGetValue(subscription.OrderId, out var row))
                {
                    subscription.Offer(row);
                }
            }
        }
    }

    private async Task LookNowAndThenAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Value.PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            _changes.Writer.TryWrite([]);
        }
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await work(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(logger, failure.GetBaseException().Message, Pause);
                await Task.Delay(Pause, time, stoppingToken);
                _changes.Writer.TryWrite([]);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watchers of orders hear nothing ({Reason}); trying again in {Pause}")]
    private static partial void LogLost(ILogger logger, string reason, TimeSpan pause);
}
