using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Shop.Catalog.Availability;
using Shop.Catalog.Data;
using Trellis.Messaging;

namespace Shop.Catalog.Products;

/// <summary>
/// Products in PostgreSQL. Every call has a context of its own: a read may be shared by several requests through the cache and
/// outlive the one that started it.
/// </summary>
internal sealed class ProductStore(IServiceScopeFactory scopes)
{
    public async ValueTask<StoredProduct?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var found = await database.Products.AsNoTracking()
            .Where(product => product.Id == id)
            .Select(product => new { Product = product, Stock = database.Stock.FirstOrDefault(stock => stock.ProductId == product.Id) })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null
            ? null
            : new StoredProduct(
                ProductDetails.Of(found.Product) with { Available = found.Stock?.Available }, found.Product.Revision, found.Stock?.Version);
    }

    public async ValueTask<ProductPage> ListAsync(
        SearchText? search, string? category, int page, int pageSize, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();

        var found = database.Products.AsNoTracking();
        if (category is not null)
        {
            found = found.Where(product => product.Category == category);
        }

        // The identifier last makes the order total, so that no product is on two pages or on none.
        var ordered = search is null
            ? found.OrderBy(product => product.Name).ThenBy(product => product.Id)
            : (found = found.Matching(search)).ByRelevance(search);

        var total = await found.CountAsync(cancellationToken);
        var skip = (page - 1L) * pageSize;
        if (skip >= total)
        {
            return new ProductPage([], page, pageSize, total);
        }

        var items = await ordered.Skip((int)skip).Take(pageSize).Select(product => new ProductDetails
        {
            Id = product.Id,
            Name = product.Name,
            Brand = product.Brand,
            Category = product.Category,
            Description = product.Description,
            Price = product.Price,
            Available = database.Stock.Where(stock => stock.ProductId == product.Id).Select(stock => (long?)stock.Available).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        return new ProductPage(items, page, pageSize, total);
    }

    /// <summary>What the inventory has told of a product.</summary>
    public async Task<ProductStock?> FindStockAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        return await database.Stock.AsNoTracking().SingleOrDefaultAsync(stock => stock.ProductId == id, cancellationToken);
    }

    public Task<StoredProduct> AddAsync(ProductDetails details, CancellationToken cancellationToken)
    {
        var revision = Guid.NewGuid();
        return WriteAsync(
            async (database, publisher) =>
            {
                database.Products.Add(new Product
                {
                    Id = details.Id,
                    Name = details.Name,
                    Brand = details.Brand,
                    Category = details.Category,
                    Description = details.Description,
                    Price = details.Price,
                    Revision = revision,
                    Announced = true,
                });
                await publisher.PublishChangedAsync(details, revision, cancellationToken);
                await database.SaveChangesAsync(cancellationToken);
                return new StoredProduct(details, revision, StockVersion: null);
            },
            (database, _) => HasRevisionAsync(database, details.Id, revision, cancellationToken),
            cancellationToken);
    }

    /// <summary>Replaces a product if its revision is one of <paramref name="expected"/>, or whatever it is if that is null.</summary>
    public Task<(WriteOutcome Outcome, Guid Revision)> ReplaceAsync(ProductDetails details, Guid[]? expected, CancellationToken cancellationToken)
    {
        var revision = Guid.NewGuid();
        return WriteAsync(
            async (database, publisher) =>
            {
                // Condition and write in one statement: of two writers who read the same revision, one wins.
                var written = await Expected(database, details.Id, expected).ExecuteUpdateAsync(
                    update => update
                        .SetProperty(product => product.Name, details.Name)
                        .SetProperty(product => product.Brand, details.Brand)
                        .SetProperty(product => product.Category, details.Category)
                        .SetProperty(product => product.Description, details.Description)
                        .SetProperty(product => product.Price.Amount, details.Price.Amount)
                        .SetProperty(product => product.Price.Currency, details.Price.Currency)
                        .SetProperty(product => product.Revision, revision)
                        .SetProperty(product => product.Announced, true),
                    cancellationToken);
                if (written > 0)
                {
                    await publisher.PublishChangedAsync(details, revision, cancellationToken);
                    await database.SaveChangesAsync(cancellationToken);
                    return (WriteOutcome.Done, revision);
                }

                var current = await database.Products.Where(product => product.Id == details.Id)
                    .Select(product => (Guid?)product.Revision).SingleOrDefaultAsync(cancellationToken);
                return current is null ? (WriteOutcome.Absent, revision) : (WriteOutcome.Changed, current.Value);
            },
            (database, _) => HasRevisionAsync(database, details.Id, revision, cancellationToken),
            cancellationToken);
    }

    /// <summary>Deletes a product if its revision is one of <paramref name="expected"/>, or whatever it is if that is null.</summary>
    public Task<WriteOutcome> RemoveAsync(Guid id, Guid[]? expected, CancellationToken cancellationToken) => WriteAsync(
        async (database, publisher) =>
        {
            if (await Expected(database, id, expected).ExecuteDeleteAsync(cancellationToken) > 0)
            {
                await publisher.PublishWithdrawnAsync(id, cancellationToken);
                await database.SaveChangesAsync(cancellationToken);
                return WriteOutcome.Done;
            }

            return await database.Products.AnyAsync(product => product.Id == id, cancellationToken) ? WriteOutcome.Changed : WriteOutcome.Absent;
        },
        async (database, outcome) => outcome == WriteOutcome.Done && !await database.Products.AnyAsync(product => product.Id == id, cancellationToken),
        cancellationToken);

    /// <summary>
    /// Writes products and what is to be told of them in one transaction, and repeats it, with a context of its own, after a failure that a moment heals. When the
    /// answer to the commit was lost, <paramref name="committed"/> tells whether it took place.
    /// </summary>
    private async Task<T> WriteAsync<T>(
        Func<CatalogDbContext, IMessagePublisher, Task<T>> write, Func<CatalogDbContext, T, Task<bool>> committed, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        (bool Known, T? Value) result = default;
        return await database.Database.CreateExecutionStrategy().ExecuteAsync(
            0,
            async (_, _, token) =>
            {
                result = default;
                await using var attempt = scopes.CreateAsyncScope();
                var own = attempt.ServiceProvider.GetRequiredService<CatalogDbContext>();
                await using var transaction = await own.Database.BeginTransactionAsync(token);
                var value = await write(own, attempt.ServiceProvider.GetRequiredService<IMessagePublisher>());
                result = (true, value);
                await transaction.CommitAsync(token);
                return value;
            },
            async (_, _, _) => new ExecutionResult<T>(result.Known && await committed(database, result.Value!), result.Value!),
            cancellationToken);
    }

    private static Task<bool> HasRevisionAsync(CatalogDbContext database, Guid id, Guid revision, CancellationToken cancellationToken) =>
        database.Products.AnyAsync(product => product.Id == id && product.Revision == revision, cancellationToken);

    private static IQueryable<Product> Expected(CatalogDbContext database, Guid id, Guid[]? expected)
    {
        var product = database.Products.Where(product => product.Id == id);
        return expected is null ? product : product.Where(product => expected.Contains(product.Revision));
    }
}
