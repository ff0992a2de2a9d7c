using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Shop.Inventory.Contract;
using Trellis.Tests;

namespace Shop.Catalog.Tests.Messages;

[Collection(CatalogCollection.Name)]
public sealed class AvailabilityTests(CatalogServers servers) : IAsyncLifetime
{
    private CatalogApp _catalog = null!;
    private Warehouse _warehouse = null!;

    public async Task InitializeAsync()
    {
        var broker = await NewDatabaseAsync();
        _catalog = new CatalogApp(await NewDatabaseAsync(), servers.Redis.OwnDatabase(), broker);
        await _catalog.BecomesReadyAsync();
        _warehouse = await Warehouse.StartAsync(await NewDatabaseAsync(), broker);
    }

    public async Task DisposeAsync()
    {
        await _warehouse.DisposeAsync();
        await _catalog.DisposeAsync();
    }

    [Fact]
    public async Task A_product_of_which_nobody_has_told_has_no_number()
    {
        var (path, _) = await _catalog.AddAsync();

        Assert.Null(await AvailableAsync(path));
    }

    [Fact]
    public async Task A_product_shows_how_many_pieces_can_be_ordered_alone_and_in_lists()
    {
        var (path, _) = await _catalog.AddAsync(CatalogApp.Lamp("Zanzibar"));
        Assert.Null(await AvailableAsync(path));
        Assert.Null(await ListedAsync("Zanzibar"));

        await _warehouse.TellAsync(new StockChanged(IdOf(path), 12, 1));

        await BecomesAsync(12, path);
        await Eventually.TrueAsync(async () => await ListedAsync("Zanzibar") == 12, "The list did not show 12");
    }

    [Fact]
    public async Task What_is_older_than_what_is_known_changes_nothing()
    {
        var (path, _) = await _catalog.AddAsync();
        var (other, _) = await _catalog.AddAsync();

        await _warehouse.TellAsync(new StockChanged(IdOf(path), 5, 7), new StockChanged(IdOf(path), 9, 6), new StockChanged(IdOf(path), 8, 7));
        await _warehouse.TellAsync(new StockChanged(IdOf(path), 4, 3), new StockChanged(IdOf(other), 1, 1));

        await Eventually.TrueAsync(async () => await SqlAsync("SELECT count(*) FROM inbox_messages") is 5L, "Not all was handled");
        await BecomesAsync(5, path);
        await BecomesAsync(1, other);
        Assert.Equal(5L, await SqlAsync($"SELECT available FROM product_stock WHERE product_id = '{IdOf(path)}'"));
    }

    [Fact]
    public async Task A_number_that_comes_before_its_product_is_kept()
    {
        var early = (await servers.Shared.ListAsync("pageSize=1"))["items"]![0]!["id"]!.GetValue<Guid>();
        var broker = await NewDatabaseAsync();
        await using var warehouse = await Warehouse.StartAsync(await NewDatabaseAsync(), broker);
        await warehouse.TellAsync(new StockChanged(early, 3, 1), new StockChanged(Guid.NewGuid(), 3, 1));

        await using var catalog = new CatalogApp(await NewDatabaseAsync(), servers.Redis.OwnDatabase(), broker);
        await catalog.BecomesReadyAsync();

        await Eventually.TrueAsync(
            async () => (long?)(await catalog.Anonymous.GetFromJsonAsync<JsonNode>($"{CatalogApp.Products}/{early}"))!["available"] == 3, "The number did not come");
    }

    [Fact]
    public async Task A_copy_with_another_number_is_old_but_who_has_it_may_still_replace_the_product()
    {
        var (path, tag) = await _catalog.AddAsync();
        await _warehouse.TellAsync(new StockChanged(IdOf(path), 12, 1));
        await BecomesAsync(12, path);

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag.ToString());
        using var found = await _catalog.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.NotEqual(tag, found.Headers.ETag);

        using var replaced = await _catalog.PutAsync(path, CatalogApp.Lamp("Replaced"), tag.ToString());
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal(12, (long?)(await replaced.Content.ReadFromJsonAsync<JsonNode>())!["available"]);
        using var again = await _catalog.PutAsync(path, CatalogApp.Lamp("Again"), found.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.PreconditionFailed, again.StatusCode);

        using var current = await _catalog.Anonymous.GetAsync(path);
        Assert.Equal(replaced.Headers.ETag, current.Headers.ETag);
        using var last = await _catalog.PutAsync(path, CatalogApp.Lamp("Last"), current.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    [Fact]
    public async Task Every_replica_shows_the_last_of_many_changes()
    {
        await using var replica = new CatalogApp(_catalog.Database, _catalog.Redis, _catalog.Broker);
        await replica.BecomesReadyAsync();
        var (path, _) = await _catalog.AddAsync();

        for (var number = 1; number <= 30; number++)
        {
            await _warehouse.TellAsync(new StockChanged(IdOf(path), 100 - number, number));
            await replica.Anonymous.GetStringAsync(path);
            await _catalog.Anonymous.GetStringAsync(path);
        }

        await BecomesAsync(70, path);
        await Eventually.TrueAsync(
            async () => (long?)(await replica.Anonymous.GetFromJsonAsync<JsonNode>(path))!["available"] == 70, "The replica did not show 70");
    }

    private async Task<string> NewDatabaseAsync() => servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync());

    private Task<object?> SqlAsync(string sql) => servers.Postgres.ExecuteAsync(new NpgsqlConnectionStringBuilder(_catalog.Database).Database!, sql);

    private async Task<long?> AvailableAsync(string path) => (long?)(await _catalog.Anonymous.GetFromJsonAsync<JsonNode>(path))!["available"];

    private async Task<long?> ListedAsync(string name) => (long?)(await _catalog.ListAsync($"search={name}"))["items"]![0]!["available"];

    private Task BecomesAsync(long available, string path) =>
        Eventually.TrueAsync(async () => await AvailableAsync(path) == available, $"{path} did not show {available}");

    private static Guid IdOf(string path) => Guid.Parse(path[^36..]);
}
