using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Inventory.Rpc;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class WatchTests(InventoryServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InventoryApp _inventory = servers.Shared;

    [Fact]
    public async Task A_watcher_gets_the_current_level_first_and_then_every_newer_one()
    {
        var product = await _inventory.AddProductAsync(5);
        using var watch = Watch(_inventory, product);

        Assert.Equal(5, (await NextAsync(watch)).OnHand);
        for (var expected = 6; expected <= 8; expected++)
        {
            await RestockAsync(_inventory, product);
            Assert.Equal(expected, (await NextAsync(watch)).OnHand);
        }
    }

    [Fact]
    public async Task A_watcher_of_many_products_is_told_of_each_of_them()
    {
        var products = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _inventory.AddProductAsync(1)));
        using var watch = Watch(_inventory, products);
        var levels = new Dictionary<string, long>();
        while (levels.Count < products.Length)
        {
            var level = await NextAsync(watch);
            levels[level.ProductId] = level.OnHand;
        }

        await Task.WhenAll(products.Select(product => RestockAsync(_inventory, product)));
        while (levels.Values.Any(onHand => onHand != 2))
        {
            var level = await NextAsync(watch);
            levels[level.ProductId] = level.OnHand;
        }
    }

    // The fallback is switched off: what comes, came by notification.
    [Fact]
    public async Task A_change_by_another_replica_is_told_at_once()
    {
        await using var inventory = await servers.StartInventoryAsync(("Watch:PollInterval", "01:00:00"));
        await using var replica = await inventory.ReplicateAsync();
        var product = await inventory.AddProductAsync(5);
        using var watch = Watch(inventory, product);
        Assert.Equal(5, (await NextAsync(watch)).OnHand);

        await ListensAsync(inventory, listeners: 2);
        await RestockAsync(replica, product);

        Assert.Equal(6, (await NextAsync(watch)).OnHand);
    }

    [Fact]
    public async Task A_change_that_no_notification_told_of_is_told_all_the_same()
    {
        await using var inventory = await servers.StartInventoryAsync(("Watch:PollInterval", "00:00:00.200"));
        var product = await inventory.AddProductAsync(5);
        using var watch = Watch(inventory, product);
        await NextAsync(watch);

        await inventory.SqlAsync($"UPDATE stock SET on_hand = 9, version = version + 1 WHERE product_id = '{product}'");

        Assert.Equal(9, (await NextAsync(watch)).OnHand);
    }

    [Fact]
    public async Task A_connection_that_breaks_loses_no_change()
    {
        await using var inventory = await servers.StartInventoryAsync(("Watch:PollInterval", "01:00:00"));
        var product = await inventory.AddProductAsync(5);
        using var watch = Watch(inventory, product);
        await NextAsync(watch);
        await ListensAsync(inventory, listeners: 1);

        await inventory.SqlAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'inventory watch' AND datname = current_database()");
        await RestockAsync(inventory, product);
        Assert.Equal(6, (await NextAsync(watch)).OnHand);

        await ListensAsync(inventory, listeners: 1);
        await RestockAsync(inventory, product);
        Assert.Equal(7, (await NextAsync(watch)).OnHand);
    }

    [Fact]
    public async Task A_watcher_that_reads_slowly_gets_the_newest_level_and_never_an_older_one_after_it()
    {
        var product = await _inventory.AddProductAsync(0);
        using var watch = Watch(_inventory, product);
        var last = await NextAsync(watch);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RestockAsync(_inventory, product)));

        while (last.OnHand < 100)
        {
            var level = await NextAsync(watch);
            Assert.True(level.Version > last.Version, $"{level.Version} came after {last.Version}");
            last = level;
        }
    }

    [Fact]
    public async Task A_stream_lasts_longer_than_a_request_may()
    {
        await using var inventory = await servers.StartInventoryAsync(("Requests:Timeout", "00:00:01"), ("Watch:PollInterval", "00:00:00.500"));
        var product = await inventory.AddProductAsync(0);
        using var watch = Watch(inventory, product);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        for (var seen = 0; clock.Elapsed < TimeSpan.FromSeconds(3); seen++)
        {
            Assert.Equal(seen, (await NextAsync(watch)).OnHand);
            await RestockAsync(inventory, product);
        }
    }

    [Fact]
    public async Task The_stream_ends_well_when_the_service_stops()
    {
        await using var inventory = await servers.StartInventoryAsync();
        var product = await inventory.AddProductAsync(5);
        using var watch = Watch(inventory, product);
        await NextAsync(watch);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var stopped = inventory.Services.GetRequiredService<IHost>().StopAsync();

        Assert.False(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(StatusCode.OK, watch.GetStatus().StatusCode);
        await stopped.WaitAsync(Patience);

        // Far less than the time that calls in flight are given.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    private static AsyncServerStreamingCall<StockLevel> Watch(InventoryApp inventory, params Guid[] products) =>
        inventory.Reader.WatchStock(new WatchStockRequest { ProductIds = { products.Select(product => product.ToString()) } });

    private static async Task<StockLevel> NextAsync(AsyncServerStreamingCall<StockLevel> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        return watch.ResponseStream.Current;
    }

    private static async Task RestockAsync(InventoryApp inventory, Guid product) => await inventory.Clerk.RestockAsync(
        new RestockRequest { RestockId = Guid.NewGuid().ToString(), ProductId = product.ToString(), Quantity = 1 });

    private static Task ListensAsync(InventoryApp inventory, int listeners) => Eventually.TrueAsync(
        async () => (long)(await inventory.SqlAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'inventory watch' AND datname = current_database() AND query LIKE 'LISTEN%'"))! == listeners,
        "Nobody listened");
}
