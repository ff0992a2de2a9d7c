using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace Shop.Ordering.Watching;

/// <summary>Tells all replicas which orders have changed.</summary>
/// <remarks>
/// With NOTIFY, after the commit and many commits together: a transaction with NOTIFY takes a lock of the whole server at its commit, and all orders would be
/// one after the other. What is lost when the process dies in between, watchers find when they look now and then.
/// </remarks>
internal sealed partial class OrderNotices(WatchConnections connections, TimeProvider time, ILogger<OrderNotices> logger) : BackgroundService
{
    /// <summary>A payload must be shorter than 8,000 bytes; an id takes 33.</summary>
    private const int MostIds = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<Guid> _changed = Channel.CreateUnbounded<Guid>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(Guid orderId) => _changed.Writer.TryWrite(orderId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await NotifyAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotNotified(logger, failure.GetBaseException().Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task NotifyAsync(CancellationToken stoppingToken)
    {
        await _changed.Reader.WaitToReadAsync(stoppingToken);
        await using var connection = await connections.OpenAsync(stoppingToken);

        // Nothing that a crash must not lose, so nothing to wait for the disk for.
        await using (var hurry = new NpgsqlCommand("SET synchronous_commit TO off", connection))
        {
            await hurry.ExecuteNonQueryAsync(stoppingToken);
        }

        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = OrderFeed.Channel }, new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text } },
        };
        do
        {
            var ids = new HashSet<Guid>();
            while (ids.Count < MostIds && _changed.Reader.TryRead(out var id))
            {
                ids.Add(id);
            }

            notify.Parameters[1].Value = string.Join(',', ids.Select(id => id.ToString("N")));
            await notify.ExecuteNonQueryAsync(stoppingToken);
        }
        while (await _changed.Reader.WaitToReadAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watchers were not told of changed orders ({Reason})")]
    private static partial void LogNotNotified(ILogger logger, string reason);
}
