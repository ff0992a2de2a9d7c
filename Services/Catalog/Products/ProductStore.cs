using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;

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
        var product = await database.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Id == id, cancellationToken);
        return product is null ? null : new StoredProduct(Show(product), product.Revision);
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
        }).ToListAsync(cancellationToken);
        return new ProductPage(items, page, pageSize, total);
    }

    public async Task<StoredProduct> AddAsync(ProductDetails details, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var product = new Product
        {
            Id = details.Id,
            Name = details.Name,
            Brand = details.Brand,
            Category = details.Category,
            Description = details.Description,
            Price = details.Price,
            Revision = Guid.NewGuid(),
        };
        database.Products.Add(product);
        await database.SaveChangesAsync(cancellationToken);
        return new StoredProduct(details, product.Revision);
    }

    /// <summary>Replaces a product if its revision is one of <paramref name="expected"/>, or whatever it is if that is null.</summary>
    public async Task<(WriteOutcome Outcome, Guid Revision)> ReplaceAsync(
        ProductDetails details, Guid[]? expected, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var revision = Guid.NewGuid();

        // Condition and write in one statement: of two writers who read the same revision, one wins.
        var written = await Expected(database, details.Id, expected).ExecuteUpdateAsync(
            update => update
                .SetProperty(product => product.Name, details.Name)
                .SetProperty(product => product.Brand, details.Brand)
                .SetProperty(product => product.Category, details.Category)
                .SetProperty(product => product.Description, details.Description)
                .SetProperty(product => product.Price.Amount, details.Price.Amount)
                .SetProperty(product => product.Price.Currency, details.Price.Currency)
                .SetProperty(product => product.Revision, revision),
            cancellationToken);
        if (written > 0)
        {
            return (WriteOutcome.Done, revision);
        }

        // An update whose answer was lost is repeated by the execution strategy and then finds its own revision.
        var current = await database.Products.Where(product => product.Id == details.Id)
            .Select(product => (Guid?)product.Revision).SingleOrDefaultAsync(cancellationToken);
        return current is null ? (WriteOutcome.Absent, revision)
            : current == revision ? (WriteOutcome.Done, revision)
            : (WriteOutcome.Changed, current.Value);
    }

    /// <summary>Deletes a product if its revision is one of <paramref name="expected"/>, or whatever it is if that is null.</summary>
    public async Task<WriteOutcome> RemoveAsync(Guid id, Guid[]? expected, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var removed = await Expected(database, id, expected).ExecuteDeleteAsync(cancellationToken);
        return removed > 0 ? WriteOutcome.Done
            : await database.Products.AnyAsync(product => product.Id == id, cancellationToken) ? WriteOutcome.Changed
            : WriteOutcome.Absent;
    }

    private static IQueryable<Product> Expected(CatalogDbContext database, Guid id, Guid[]? expected)
    {
        var product = database.Products.Where(product => product.Id == id);
        return expected is null ? product : product.Where(product => expected.Contains(product.Revision));
    }

    private static ProductDetails Show(Product product) => new()
    {
        Id = product.Id,
        Name = product.Name,
        Brand = product.Brand,
        Category = product.Category,
        Description = product.Description,
        Price = product.Price,
    };
}
