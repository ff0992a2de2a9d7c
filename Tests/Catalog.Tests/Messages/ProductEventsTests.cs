using System.Net;
using Npgsql;
using Shop.Catalog.Contract;
using Trellis.Tests;
using Xunit.Sdk;

namespace Shop.Catalog.Tests.Messages;

[Collection(CatalogCollection.Name)]
public sealed class ProductEventsTests(CatalogServers servers) : IAsyncLifetime
{
    private CatalogApp _catalog = null!;
    private Listener _listener = null!;

    public async Task InitializeAsync()
    {
        var broker = await NewDatabaseAsync();
        _catalog = new CatalogApp(await NewDatabaseAsync(), servers.Redis.OwnDatabase(), broker);
        await _catalog.BecomesReadyAsync();
        _listener = await Listener.StartAsync(await NewDatabaseAsync(), broker);
    }

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _catalog.DisposeAsync();
    }

    [Fact]
    public async Task What_becomes_of_a_product_is_told_in_order_with_all_that_others_may_keep()
    {
        var (path, added) = await _catalog.AddAsync(CatalogApp.Lamp("Lampe “Ünïcode” 灯", 4990));
        using var replaced = await _catalog.PutAsync(path, CatalogApp.Lamp("Other", 1), added.ToString());
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        using var deleted = await _catalog.Editor.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        var id = IdOf(path);
        await Eventually.TrueAsync(() => _listener.Of(id).Length == 3, "The events did not come");
        Assert.Equal(
            [
                new ProductChanged(id, RevisionOf(added.Tag), "Lampe “Ünïcode” 灯", "Probe", "table-lamps", new ProductPrice(4990, "EUR")),
                new ProductChanged(id, RevisionOf(replaced.Headers.ETag!.Tag), "Other", "Probe", "table-lamps", new ProductPrice(1, "EUR")),
                new ProductWithdrawn(id),
            ],
            _listener.Of(id));
        Assert.All(_listener.Heard.Where(heard => heard.Context.PartitionKey == id.ToString()), heard => Assert.Equal("/shop.catalog", heard.Context.Headers["source"]));
    }

    [Fact]
    public async Task Writers_of_one_product_are_told_in_the_order_in_which_they_won()
    {
        var (path, _) = await _catalog.AddAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(number => _catalog.PutAsync(path, CatalogApp.Lamp($"Writer {number}"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using var found = await _catalog.Anonymous.GetAsync(path);
        await Eventually.TrueAsync(() => _listener.Of(IdOf(path)).Length == 21, "The events did not come");
        Assert.Equal(RevisionOf(found.Headers.ETag!.Tag), ((ProductChanged)_listener.Of(IdOf(path))[^1]).Revision);
    }

    [Fact]
    public async Task A_write_that_is_refused_tells_nobody()
    {
        var (path, _) = await _catalog.AddAsync();
        using var refused = await _catalog.PutAsync(path, CatalogApp.Lamp("Late"), "\"0123456789abcdef0123456789abcdef\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        using var absent = await _catalog.Editor.DeleteAsync($"{CatalogApp.Products}/{Guid.CreateVersion7()}");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        using var last = await _catalog.PutAsync(path, CatalogApp.Lamp("Last"));

        await Eventually.TrueAsync(() => _listener.Of(IdOf(path)).Length > 1, "The events did not come");
        Assert.Equal(["Test Lamp", "Last"], _listener.Of(IdOf(path)).Cast<ProductChanged>().Select(changed => changed.Name));
        Assert.DoesNotContain(_listener.Heard, heard => heard.Event is ProductWithdrawn);
    }

    [Fact]
    public async Task Every_product_of_the_assortment_is_told_once_also_when_replicas_start_together_and_again()
    {
        var total = (int)(await _catalog.ListAsync("pageSize=1"))["total"]!;
        await using var replica = new CatalogApp(_catalog.Database, _catalog.Redis, _catalog.Broker);
        await replica.BecomesReadyAsync();

        await Eventually.TrueAsync(() => _listener.Heard.Count >= total, "The assortment was not told");
        await using var another = new CatalogApp(_catalog.Database, _catalog.Redis, _catalog.Broker);
        await another.BecomesReadyAsync();
        var (path, _) = await another.AddAsync();

        await Eventually.TrueAsync(() => _listener.Of(IdOf(path)).Length == 1, "The event did not come");
        Assert.Equal(total + 1, _listener.Heard.Select(heard => ((ProductChanged)heard.Event).ProductId).Distinct().Count());
        Assert.Equal(total + 1, _listener.Heard.Count);
    }

    [Fact]
    public async Task Products_of_a_catalogue_that_told_nobody_yet_are_told()
    {
        var (path, _) = await _catalog.AddAsync();
        await Eventually.TrueAsync(() => _listener.Of(IdOf(path)).Length == 1, "The event did not come");
        await servers.Postgres.ExecuteAsync(
            new NpgsqlConnectionStringBuilder(_catalog.Database).Database!, $"UPDATE products SET announced = false WHERE id = '{IdOf(path)}'");

        await using var next = new CatalogApp(_catalog.Database, _catalog.Redis, _catalog.Broker);
        await next.BecomesReadyAsync();

        await Eventually.TrueAsync(() => _listener.Of(IdOf(path)).Length == 2, "The product was not told");
        Assert.Equal(_listener.Of(IdOf(path))[0], _listener.Of(IdOf(path))[1]);
    }

    [Fact]
    public async Task While_the_broker_is_away_products_are_written_and_told_later()
    {
        var name = $"later_{Guid.NewGuid():N}";
        await using var catalog = new CatalogApp(await NewDatabaseAsync(), servers.Redis.OwnDatabase(), servers.Postgres.ConnectionString(name));
        await catalog.BecomesReadyAsync();

        var (path, _) = await catalog.AddAsync();

        await servers.Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        await using var listener = await Listener.StartAsync(await NewDatabaseAsync(), servers.Postgres.ConnectionString(name));
        await Eventually.TrueAsync(() => listener.Of(IdOf(path)).Length == 1, "The event did not come");
    }

    [Fact]
    public async Task Without_the_setting_of_the_broker_the_catalogue_says_so_and_does_not_start()
    {
        var refused = await Assert.ThrowsAsync<FailException>(async () => await DeployedProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Shop.Catalog.dll"),
            new(TestTokens.Settings)
            {
                ["ConnectionStrings:catalogdb"] = _catalog.Database,
                ["ConnectionStrings:cache"] = _catalog.Redis,
            }));

        Assert.Contains("ConnectionStrings__broker is missing", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> NewDatabaseAsync() => servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync());

    private static Guid IdOf(string path) => Guid.Parse(path[^36..]);

    private static Guid RevisionOf(string tag) => Guid.Parse(tag.Trim('"'));
}
