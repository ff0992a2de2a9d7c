using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trellis.ServiceDefaults.Health;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>Makes the table when the service starts, and forgets the keys whose time is over.</summary>
internal sealed partial class IdempotencyUpkeep(
    IdempotencyDatabase database, IStartupGate gate, TimeProvider time, ILogger<IdempotencyUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly IDisposable _hold = gate.Hold("idempotency keys");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                await IdempotencyTable.CreateAsync(database.Source, stoppingToken);
                await IdempotencyTable.ForgetAsync(database.Source, time.GetUtcNow(), stoppingToken);
                _hold.Dispose();
                pause = Interval;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or System.Net.Sockets.SocketException)
            {
                // Not there yet, or away; or another replica makes the table at this moment, which PostgreSQL takes for a conflict.
                LogNotYet(logger, failure.Message, pause);
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table of idempotency keys cannot be looked after ({Reason}); trying again in {Pause}")]
    private static partial void LogNotYet(ILogger logger, string reason, TimeSpan pause);
}
