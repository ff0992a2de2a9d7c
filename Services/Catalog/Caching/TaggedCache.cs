using Microsoft.Extensions.Caching.Hybrid;

namespace Shop.Catalog.Caching;

/// <summary>
/// HybridCache with tags that hold for every replica. HybridCache's own tags do not: a replica reads the time of a tag's removal from
/// Redis once and keeps it. Here the current stamp of the tag is part of the key, so an entry made before the tag was forgotten, by
/// whomever and however late it is written, is never found again.
/// </summary>
internal sealed class TaggedCache(HybridCache cache, CacheStamps stamps)
{
    private static readonly HybridCacheEntryOptions Lifetime = new()
    {
        Expiration = TimeSpan.FromMinutes(5),
        LocalCacheExpiration = TimeSpan.FromMinutes(1),
    };

    /// <summary>Returns what the cache holds, or loads it. Without Redis it loads: what another replica changed could not be seen.</summary>
    public async ValueTask<T> GetOrLoadAsync<T>(
        string tag, string key, Func<CancellationToken, ValueTask<T>> load, CancellationToken cancellationToken)
    {
        var stamp = await stamps.GetAsync(tag, cancellationToken);
        return stamp is null
            ? await load(cancellationToken)
            : await LoadOnceAsync($"{tag}@{stamp}:{key}", load).WaitAsync(cancellationToken);
    }

    /// <summary>Makes every replica load anew what was cached under the tags. Call it after the write is committed.</summary>
    public ValueTask ForgetAsync(params IReadOnlyCollection<string> tags) => stamps.RemoveAsync(tags);

    /// <summary>
    /// Runs to its end even when this caller leaves, since others may wait for the same entry. HybridCache runs what cannot be cancelled in the
    /// caller's execution context, so that the spans of Redis and the database belong to the caller's trace.
    /// </summary>
    private Task<T> LoadOnceAsync<T>(string key, Func<CancellationToken, ValueTask<T>> load)
        => cache.GetOrCreateAsync(key, load, static (load, token) => load(token), Lifetime, cancellationToken: CancellationToken.None).AsTask();
}
