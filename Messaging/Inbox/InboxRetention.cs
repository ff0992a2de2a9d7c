using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Health;

namespace Trellis.Messaging.Inbox;

/// <summary>Forgets messages that took effect long ago.</summary>
internal sealed partial class InboxRetention<TContext>(
    StartupGate gate, IServiceScopeFactory scopes, IOptions<MessagingOptions> options, TimeProvider time, ILogger<InboxRetention<TContext>> logger)
    : PreparedService(gate)
    where TContext : DbContext
{
    /// <summary>Rows at a time, so that no transaction is long.</summary>
    private const int Batch = 5000;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromTicks(Math.Min(LongestInterval.Ticks, options.Value.InboxRetention.Ticks / 2));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval, time, stoppingToken);
                while (await ForgetAsync(stoppingToken) == Batch)
                {
                    // There is more.
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, failure.GetBaseException().Message);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var inbox = scope.ServiceProvider.GetRequiredService<TContext>().Set<InboxMessage>();
        var before = time.GetUtcNow() - options.Value.InboxRetention;
        var old = await inbox.AsNoTracking().Where(row => row.HandledAt < before).OrderBy(row => row.HandledAt)
            .Select(row => row.MessageId).Take(Batch).ToListAsync(cancellationToken);
        await inbox.Where(row => old.Contains(row.MessageId) && row.HandledAt < before).ExecuteDeleteAsync(cancellationToken);
        return old.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old rows of the inbox were not deleted ({Reason})")]
    private static partial void LogFailed(ILogger logger, string reason);
}
