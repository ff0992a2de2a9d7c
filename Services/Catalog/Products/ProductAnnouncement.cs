using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Trellis.Messaging;

namespace Shop.Catalog.Products;

/// <summary>
/// Publishes the products that were not written through the API: the assortment of a new catalogue, and what is older than the catalogue's events. It
/// goes on while requests are served.
/// </summary>
internal sealed partial class ProductAnnouncement(
    IServiceScopeFactory scopes, DatabasePreparation preparation, TimeProvider time, ILogger<ProductAnnouncement> logger) : BackgroundService
{
    /// <summary>How many at once. A transaction locks the key of every message it publishes, and PostgreSQL has room for some thousand locks.</summary>
    private const int Batch = 250;

    /// <summary>Any number; it is the name of this work among the advisory locks of the database.</summary>
    private const long LockName = 0x41_4E_4E_4F_55_4E_43_45;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.Completion.WaitAsync(stoppingToken);
        for (var done = false; !done && !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                done = await AnnounceAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is: the catalogue serves requests all the same.
                LogNotYet(logger, failure.GetBaseException().Message, Pause);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // True when none is left.
    private async Task<bool> AnnounceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Database.CreateExecutionStrategy().ExecuteAsync(AnnounceSomeAsync, cancellationToken);
    }

    private async Task<bool> AnnounceSomeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var publisher = scope.ServiceProvider.GetRequiredService<IMessagePublisher>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // One replica after the other; what a killed one had begun, the next does.
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockName})", cancellationToken);
        var products = await database.Products
            .FromSql($"SELECT * FROM products WHERE NOT announced ORDER BY id LIMIT {Batch} FOR UPDATE")
            .ToListAsync(cancellationToken);
        foreach (var product in products)
        {
            product.Announced = true;
            await publisher.PublishChangedAsync(ProductDetails.Of(product), product.Revision, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return !await database.Products.AnyAsync(product => !product.Announced, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The products could not be announced ({Reason}); trying again in {Pause}")]
    private static partial void LogNotYet(ILogger logger, string reason, TimeSpan pause);
}
