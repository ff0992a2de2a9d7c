using Shop.Catalog.Contract;
using Shop.Inventory.Contract;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class ProductTests(InventoryServers servers)
{
    [Fact]
    public async Task A_product_that_the_catalogue_offers_is_counted_from_nothing()
    {
        await using var inventory = await servers.StartInventoryAsync(("Stock:Seed", "false"));
        await using var orders = await Orders.StartAsync(inventory);
        var product = Guid.NewGuid();

        await orders.SendAsync(Offer(product));

        await CountedAsync(inventory, product);
        Assert.Equal(0, (await inventory.LevelAsync(product)).OnHand);
        await Eventually.TrueAsync(() => orders.Changes(product).Count > 0, "Nobody was told");
        Assert.Equal(new StockChanged(product, 0, 1), orders.Changes(product).Single());
    }

    [Fact]
    public async Task A_product_that_changes_keeps_its_pieces()
    {
        await using var orders = await Orders.StartAsync(servers.Shared);
        var (known, after) = (await servers.Shared.AddProductAsync(7), Guid.NewGuid());

        await orders.SendAsync(Offer(known), Offer(known), Offer(after));

        await CountedAsync(servers.Shared, after);
        Assert.Equal((7, 1), ((await servers.Shared.LevelAsync(known)).OnHand, (await servers.Shared.LevelAsync(known)).Version));
    }

    [Fact]
    public async Task In_development_there_are_pieces_of_most_products_and_the_same_everywhere()
    {
        await using var other = await servers.StartInventoryAsync();
        Guid[] products = [.. Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7())];
        var counts = new List<long[]>();
        foreach (var inventory in new[] { servers.Shared, other })
        {
            await using var orders = await Orders.StartAsync(inventory);
            await orders.SendAsync(products.Select(Offer));
            var levels = new List<long>();
            foreach (var product in products)
            {
                await CountedAsync(inventory, product);
                levels.Add((await inventory.LevelAsync(product)).OnHand);
            }

            counts.Add([.. levels]);
        }

        Assert.Equal(counts[0], counts[1]);
        Assert.All(counts[0], count => Assert.InRange(count, 0, 500));
        Assert.Contains(0, counts[0]);
        Assert.True(counts[0].Count(count => count >= 50) > 150);
    }

    private static ProductChanged Offer(Guid id) => new(id, Guid.NewGuid(), "Test Lamp", "Probe", "table-lamps", new ProductPrice(4990, "EUR"));

    private static Task CountedAsync(InventoryApp inventory, Guid product) => Eventually.TrueAsync(
        async () => (long)(await inventory.SqlAsync($"SELECT count(*) FROM stock WHERE product_id = '{product}'"))! == 1, $"{product} is not counted", seconds: 60);
}
