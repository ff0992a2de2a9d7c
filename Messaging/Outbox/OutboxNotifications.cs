using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Trellis.Messaging.Telemetry;
using Trellis.ServiceDefaults.Health;

namespace Trellis.Messaging.Outbox;

/// <summary>Wakes relays across processes, and looks after the figures of the outbox.</summary>
/// <remarks>
/// A relay in the process of the commit is woken in memory. NOTIFY serves the others; it is sent after the commit, many commits together,
/// because a transaction with NOTIFY takes a lock of the whole server at its commit: all commits would be one after the other.
/// </remarks>
internal sealed partial class OutboxNotifications<TContext>(
    StartupGate gate,
    IServiceScopeFactory scopes,
    OutboxWake wake,
    MessagingTelemetry telemetry,
    IOptions<MessagingOptions> options,
    TimeProvider time,
    ILogger<OutboxNotifications<TContext>> logger) : PreparedService(gate)
    where TContext : DbContext
{
    private const string Channel = "trellis_outbox";

    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(5);

    protected override Task RunAsync(CancellationToken stoppingToken) => options.Value.Relay
        ? Task.WhenAll(
            PostgresListener.RunAsync(Channel, ConnectAsync, wake.Committed, time, logger, stoppingToken),
            MeasureAsync(stoppingToken))
        : NotifyAsync(stoppingToken);

    private async Task NotifyAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await wake.WaitAsync(Timeout.InfiniteTimeSpan, time, stoppingToken);
                await using var connection = await ConnectAsync(stoppingToken);
                await using var command = new NpgsqlCommand($"NOTIFY {Channel}", connection);
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The relay polls.
                LogNotNotified(logger, failure.GetBaseException().Message);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task MeasureAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var database = scope.ServiceProvider.GetRequiredService<TContext>();
                var now = time.GetUtcNow();
                var rows = database.Set<OutboxMessage>().AsNoTracking();
                var due = rows.Where(row => row.ParkedAt == null && (row.DeliverAt == null || row.DeliverAt <= now));
                var oldest = await due.MinAsync(row => (DateTimeOffset?)(row.DeliverAt ?? row.OccurredAt), stoppingToken);
                telemetry.OutboxIs(
                    await due.LongCountAsync(stoppingToken),
                    oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0,
                    await rows.LongCountAsync(row => row.ParkedAt == null && row.DeliverAt > now, stoppingToken),
                    await rows.LongCountAsync(row => row.ParkedAt != null, stoppingToken));
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotMeasured(logger, failure.GetBaseException().Message);
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(MeasureInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        var own = (NpgsqlConnection)((ICloneable)(NpgsqlConnection)database.Database.GetDbConnection()).Clone();
        await own.OpenAsync(cancellationToken);
        return own;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Relays elsewhere were not woken ({Reason})")]
    private static partial void LogNotNotified(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The outbox was not measured ({Reason})")]
    private static partial void LogNotMeasured(ILogger logger, string reason);
}
