using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Trellis.ServiceDefaults.Health;

namespace Shop.Ordering.Data;

/// <summary>Brings the schema up to date while the service starts. A database that is not there yet is waited for.</summary>
internal sealed partial class DatabasePreparation(
    IServiceScopeFactory scopes, IStartupGate gate, ILogger<DatabasePreparation> logger) : BackgroundService
{
    /// <summary>Any number; it is the name of this work among the advisory locks of the database.</summary>
    private const long LockName = 0x4F_52_44_45_52_53;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IDisposable _hold = gate.Hold("migrations");
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the tables are there.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!Done.IsCompleted)
        {
            try
            {
                await PrepareAsync(stoppingToken);
                _done.SetResult();
                _hold.Dispose();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotYet(logger, failure.GetBaseException().Message, Pause);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<OrderingDbContext>();
        await database.Database.OpenConnectionAsync(cancellationToken);

        // Replicas start together; the second waits here and then finds nothing left to do. The lock goes with the connection.
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockName})", cancellationToken);
        try
        {
            // Otherwise EF Core finds out by an error, and logs it.
            await database.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            await database.Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockName})", CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of orders is not ready ({Reason}); trying again in {Pause}")]
    private static partial void LogNotYet(ILogger logger, string reason, TimeSpan pause);
}
