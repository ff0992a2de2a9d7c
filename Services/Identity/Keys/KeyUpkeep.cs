using System.Data.Common;
using Shop.Identity.Data;

namespace Shop.Identity.Keys;

/// <summary>Looks after the keys while the service runs.</summary>
internal sealed partial class KeyUpkeep(DatabasePreparation database, TimeProvider time, ILogger<KeyUpkeep> logger) : BackgroundService
{
    /// <summary>Shorter than the shortest announcement: a replica knows a key before another one signs with it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await database.KeepKeysAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or InvalidOperationException)
            {
                // The keys at hand are good for now.
                LogFailed(logger, failure.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys could not be looked after ({Reason}); the service goes on with those it has")]
    private static partial void LogFailed(ILogger logger, string reason);
}
