using System.Diagnostics;
using System.Net;
using Trellis.Tests;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class CacheOutageTests(CatalogServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(1.5);

    private RedisServer _redis = null!;
    private CatalogApp _catalog = null!;
    private CatalogApp _replica = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _catalog = new CatalogApp(servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync()), _redis.ConnectionString);
        await _catalog.BecomesReadyAsync();
        _replica = new CatalogApp(_catalog.Database, _redis.ConnectionString);
        await _replica.BecomesReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _replica.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Without_redis_every_request_is_answered_and_none_waits_long()
    {
        _ = await _catalog.ListAsync("search=desk");
        await _redis.KillAsync();

        for (var number = 0; number < 20; number++)
        {
            Assert.NotEmpty(await BearablyAsync(() => _catalog.NamesAsync($"search=desk&page={(number % 2) + 1}&pageSize=3")));
        }

        var (path, _) = await BearablyAsync(() => _catalog.AddAsync());
        Assert.NotEmpty(await BearablyAsync(() => _catalog.Anonymous.GetStringAsync(path)));
        using var ready = await _catalog.Anonymous.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task With_redis_hanging_every_request_is_answered_and_none_waits_long()
    {
        _ = await _catalog.ListAsync("search=desk");
        await _redis.FreezeAsync();

        for (var number = 0; number < 20; number++)
        {
            Assert.NotEmpty(await BearablyAsync(() => _catalog.NamesAsync($"search=desk&page={(number % 2) + 1}&pageSize=3")));
        }
    }

    [Fact]
    public async Task A_write_that_redis_did_not_hear_of_is_made_up_for_when_it_is_back()
    {
        var (path, _) = await _catalog.AddAsync(CatalogApp.Lamp("Before"));
        Assert.Contains("Before", await _catalog.Anonymous.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains("Before", await _replica.Anonymous.GetStringAsync(path), StringComparison.Ordinal);

        await _redis.FreezeAsync();
        using var written = await BearablyAsync(() => _catalog.PutAsync(path, CatalogApp.Lamp("After")));
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        await _redis.ThawAsync();

        foreach (var app in new[] { _catalog, _replica })
        {
            await Eventually.TrueAsync(
                async () => (await app.Anonymous.GetStringAsync(path)).Contains("After", StringComparison.Ordinal), "The write was not seen");
        }
    }

    [Fact]
    public async Task When_redis_is_back_the_cache_works_again_and_holds_nothing_old()
    {
        var (path, _) = await _catalog.AddAsync(CatalogApp.Lamp("Before"));
        _ = await _replica.Anonymous.GetStringAsync(path);
        await _redis.KillAsync();
        using var written = await _catalog.PutAsync(path, CatalogApp.Lamp("After"));
        Assert.Contains("After", await _replica.Anonymous.GetStringAsync(path), StringComparison.Ordinal);
        await _redis.RestartAsync();

        using var database = new DatabaseCalls();
        await Eventually.TrueAsync(
            async () =>
            {
                var (body, calls) = await database.GetAsync(_replica.Anonymous, path);
                Assert.Contains("After", body, StringComparison.Ordinal);
                return calls == 0;
            },
            "The cache was not used again");
    }

    [Fact]
    public async Task A_catalogue_that_starts_without_redis_becomes_ready_and_answers()
    {
        await _redis.KillAsync();

        await using var late = new CatalogApp(_catalog.Database, _redis.ConnectionString);
        await late.BecomesReadyAsync();

        Assert.NotEmpty(await late.NamesAsync("search=desk"));
    }

    private static async Task<T> BearablyAsync<T>(Func<Task<T>> request)
    {
        var clock = Stopwatch.StartNew();
        var answer = await request();
        Assert.True(clock.Elapsed < Bearable, $"The answer took {clock.Elapsed}");
        return answer;
    }
}
