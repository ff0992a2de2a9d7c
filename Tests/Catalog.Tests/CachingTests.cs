using System.Net;
using Trellis.Tests;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class CachingTests(CatalogServers servers) : IAsyncLifetime
{
    private CatalogApp _catalog = null!;
    private CatalogApp _replica = null!;

    public async Task InitializeAsync()
    {
        _catalog = await servers.StartCatalogAsync();
        _replica = new CatalogApp(_catalog.Database, _catalog.Redis);
        await _replica.BecomesReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _replica.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?search=desk&category=desks&page=2&pageSize=5")]
    public async Task A_second_identical_list_makes_no_database_call(string query)
    {
        using var database = new DatabaseCalls();

        var first = await database.GetAsync(_catalog.Anonymous, CatalogApp.Products + query);
        var second = await database.GetAsync(_catalog.Anonymous, CatalogApp.Products + query);

        Assert.True(first.Calls > 0);
        Assert.Equal(0, second.Calls);
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task A_product_read_before_makes_no_database_call()
    {
        using var database = new DatabaseCalls();
        var (path, _) = await _catalog.AddAsync();

        Assert.True((await database.GetAsync(_catalog.Anonymous, path)).Calls > 0);
        Assert.Equal(0, (await database.GetAsync(_catalog.Anonymous, path)).Calls);
    }

    [Fact]
    public async Task What_one_replica_has_read_another_need_not_read()
    {
        using var database = new DatabaseCalls();
        var (path, _) = await _catalog.AddAsync();
        var (body, _) = await database.GetAsync(_catalog.Anonymous, path);

        // The first replica stores in Redis after it has answered.
        await Eventually.TrueAsync(
            async () => await RedisServer.CountKeysAsync(_catalog.Redis, $"catalog:product:{Guid.Parse(path[^36..]):N}*") > 0, "Nothing was stored");
        var other = await database.GetAsync(_replica.Anonymous, path);

        Assert.Equal(0, other.Calls);
        Assert.Equal(body, other.Body);
    }

    [Fact]
    public async Task Other_questions_are_not_answered_from_the_cache()
    {
        using var database = new DatabaseCalls();
        var queries = new[] { "search=desk", "search=desks", "category=desks", "search=desk&category=desks", "search=desk&page=2", "search=desk&pageSize=2" };

        foreach (var query in queries)
        {
            Assert.True((await database.GetAsync(_catalog.Anonymous, $"{CatalogApp.Products}?{query}")).Calls > 0, query);
        }
    }

    [Fact]
    public async Task A_write_is_seen_at_once_by_every_replica_that_had_read_before()
    {
        var (path, _) = await _catalog.AddAsync(CatalogApp.Lamp("Quokka 0"));
        for (var round = 1; round <= 10; round++)
        {
            var (writer, reader) = round % 2 == 0 ? (_catalog, _replica) : (_replica, _catalog);
            Assert.Equal([$"Quokka {round - 1}"], await reader.NamesAsync("search=quokka"));
            Assert.Equal([$"Quokka {round - 1}"], await writer.NamesAsync("search=quokka"));
            _ = await reader.Anonymous.GetStringAsync(path);
            _ = await writer.Anonymous.GetStringAsync(path);

            using var written = await writer.PutAsync(path, CatalogApp.Lamp($"Quokka {round}"));
            Assert.Equal(HttpStatusCode.OK, written.StatusCode);

            Assert.Contains($"Quokka {round}", await reader.Anonymous.GetStringAsync(path), StringComparison.Ordinal);
            Assert.Equal([$"Quokka {round}"], await reader.NamesAsync("search=quokka"));
        }
    }

    [Fact]
    public async Task Readers_during_writes_never_leave_an_old_answer_behind()
    {
        var (path, _) = await _catalog.AddAsync(CatalogApp.Lamp("Numbat 0"));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(async number =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = await (number % 2 == 0 ? _catalog : _replica).Anonymous.GetStringAsync(path);
            }
        }).ToArray();

        for (var round = 1; round <= 25; round++)
        {
            using var written = await _catalog.PutAsync(path, CatalogApp.Lamp($"Numbat {round}"));
            Assert.Contains($"Numbat {round}\"", await _replica.Anonymous.GetStringAsync(path), StringComparison.Ordinal);
            Assert.Contains($"Numbat {round}\"", await _catalog.Anonymous.GetStringAsync(path), StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }
}
