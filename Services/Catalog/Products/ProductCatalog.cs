using System.Security.Cryptography;
using System.Text;
using Shop.Catalog.Caching;

namespace Shop.Catalog.Products;

/// <summary>The products, read through the cache; a write makes every replica forget what it changed.</summary>
internal sealed class ProductCatalog(ProductStore store, TaggedCache cache)
{
    /// <summary>On every list: any write may change any of them.</summary>
    private const string Lists = "products";

    public ValueTask<StoredProduct?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cache.GetOrLoadAsync(TagOf(id), key: "", token => store.FindAsync(id, token), cancellationToken);

    public ValueTask<ProductPage> ListAsync(ProductQuery query, CancellationToken cancellationToken)
    {
        var search = SearchText.From(query.Search);
        var category = Normalize(query.Category);
        var (page, pageSize) = (query.Page, query.PageSize);

        // Hashed, since the text comes from outside: it may be long and may hold what a key must not.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{page}|{pageSize}|{category}|{search?.Whole}")));
        return cache.GetOrLoadAsync(
            Lists, key, token => store.ListAsync(search, category, page, pageSize, token), cancellationToken);
    }

    public async Task<StoredProduct> AddAsync(ProductDraft draft, CancellationToken cancellationToken)
    {
        var product = await store.AddAsync(Accept(Guid.CreateVersion7(), draft), cancellationToken);
        await cache.ForgetAsync(Lists);
        return product;
    }

    public async Task<(WriteOutcome Outcome, StoredProduct Product)> ReplaceAsync(
        Guid id, ProductDraft draft, Guid[]? expected, CancellationToken cancellationToken)
    {
        var details = Accept(id, draft);
        var (outcome, revision) = await store.ReplaceAsync(details, expected, cancellationToken);
        if (outcome == WriteOutcome.Done)
        {
            await cache.ForgetAsync(TagOf(id), Lists);
        }

        // No part of what a writer writes, but of what is shown, and of its entity tag.
        var stock = outcome == WriteOutcome.Done ? await store.FindStockAsync(id, cancellationToken) : null;
        return (outcome, new StoredProduct(details with { Available = stock?.Available }, revision, stock?.Version));
    }

    /// <summary>Makes every replica load the products anew, alone and in lists.</summary>
    public ValueTask ForgetAsync(IEnumerable<Guid> ids) => cache.ForgetAsync([.. ids.Select(TagOf), Lists]);

    public async Task<WriteOutcome> RemoveAsync(Guid id, Guid[]? expected, CancellationToken cancellationToken)
    {
        var outcome = await store.RemoveAsync(id, expected, cancellationToken);
        if (outcome == WriteOutcome.Done)
        {
            await cache.ForgetAsync(TagOf(id), Lists);
        }

        return outcome;
    }

    private static string TagOf(Guid id) => $"product:{id:N}";

    private static string? Normalize(string? category)
    {
        // A NUL cannot be in a stored category, and PostgreSQL does not take one as a parameter.
        var name = category?.Trim().Replace("\0", "?", StringComparison.Ordinal).ToLowerInvariant();
        return string.IsNullOrEmpty(name) ? null : name;
    }

    /// <summary>The draft has been validated by the endpoint's filter: nothing in it is null any more.</summary>
    private static ProductDetails Accept(Guid id, ProductDraft draft) => new()
    {
        Id = id,
        Name = draft.Name!.Trim(),
        Brand = draft.Brand!.Trim(),
        Category = draft.Category!,
        Description = draft.Description!.Trim(),
        Price = new Money(draft.Price!.Amount!.Value, draft.Price.Currency!),
    };
}
