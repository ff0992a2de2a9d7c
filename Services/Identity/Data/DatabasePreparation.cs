using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.Identity.Clients;
using Shop.Identity.Keys;
using Trellis.ServiceDefaults.Health;

namespace Shop.Identity.Data;

/// <summary>
/// Brings the schema up to date, makes the keys and writes down the clients while the service starts. A database that is not there yet is waited for.
/// </summary>
internal sealed partial class DatabasePreparation(
    IServiceScopeFactory scopes, KeyKeeping keys, IStartupGate gate, ILogger<DatabasePreparation> logger) : BackgroundService
{
    /// <summary>Any number; it is the name of this work among the advisory locks of the database.</summary>
    private const long LockName = 0x49_44_45_4E_54_49_54_59;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IDisposable _hold = gate.Hold("migrations");

    /// <summary>Whether the database can serve requests.</summary>
    public bool Done { get; private set; }

    /// <summary>Looks after the keys, one replica at a time.</summary>
    public Task KeepKeysAsync(CancellationToken cancellationToken) =>
        InTurnAsync((services, cancel) => keys.KeepAsync(services.GetRequiredService<IdentityDbContext>(), cancel), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!Done)
        {
            try
            {
                await InTurnAsync(PrepareAsync, stoppingToken);
                Done = true;
                _hold.Dispose();
                LogReady(logger);
            }
            catch (Exception failure) when (failure is DbException or DbUpdateException or TimeoutException or InvalidOperationException)
            {
                LogNotYet(logger, (failure.InnerException as DbException ?? failure).Message, Pause);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IdentityDbContext>();

        // Otherwise EF Core finds out by an error, and logs it.
        await database.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        await database.Database.MigrateAsync(cancellationToken);
        await keys.KeepAsync(database, cancellationToken);
        await services.GetRequiredService<DeclaredClients>().WriteAsync(cancellationToken);
    }

    private async Task InTurnAsync(Func<IServiceProvider, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Database;
        await database.OpenConnectionAsync(cancellationToken);

        // Replicas start together; the second waits here and then finds nothing left to do. The lock goes with the connection.
        await database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockName})", cancellationToken);
        try
        {
            await work(scope.ServiceProvider, cancellationToken);
        }
        finally
        {
            await database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockName})", CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database of identities is ready")]
    private static partial void LogReady(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of identities is not ready ({Reason}); trying again in {Pause}")]
    private static partial void LogNotYet(ILogger logger, string reason, TimeSpan pause);
}
