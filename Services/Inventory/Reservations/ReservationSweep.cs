using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Inventory.Data;

namespace Shop.Inventory.Reservations;

/// <summary>
/// Releases reservations whose time is over, and forgets old ones; every replica does, and none waits for another. A scheduled message for each reservation
/// would do the same with a row more for every order that goes well.
/// </summary>
internal sealed partial class ReservationSweep(
    IServiceScopeFactory scopes,
    DatabasePreparation preparation,
    IOptions<ReservationSettings> settings,
    TimeProvider time,
    ILogger<ReservationSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.Done.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(settings.Value.SweepInterval, time);
        do
        {
            try
            {
                while (await InScopeAsync(ExpireAsync, stoppingToken) == settings.Value.SweepBatch)
                {
                    // There may be more.
                }

                await InScopeAsync((_, book, token) => ForgetAsync(book, token), stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(logger, failure.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static Task<int> ExpireAsync(InventoryDbContext database, ReservationBook book, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var expired = await book.ExpireAsync(cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return expired;
        });

    private static async Task<int> ForgetAsync(ReservationBook book, CancellationToken cancellationToken)
    {
        await book.ForgetAsync(cancellationToken);
        return 0;
    }

    private async Task<int> InScopeAsync(Func<InventoryDbContext, ReservationBook, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(
            scope.ServiceProvider.GetRequiredService<InventoryDbContext>(), scope.ServiceProvider.GetRequiredService<ReservationBook>(), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reservations whose time is over are released later ({Reason})")]
    private static partial void LogLater(ILogger logger, string reason);
}
