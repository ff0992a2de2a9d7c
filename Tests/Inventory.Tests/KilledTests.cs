using Shop.Inventory.Contract;

namespace Shop.Inventory.Tests;

/// <summary>Orders go on when what they run on is killed.</summary>
public sealed class KilledTests
{
    private const int Count = 400;
    private const int Pieces = 250;

    [Fact]
    public async Task A_database_that_is_killed_under_orders_loses_none_and_sells_nothing_twice()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var (database, broker) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());

        // What a consumer had in hand when the broker went away comes again when its lease is over.
        await using var inventory = new InventoryApp(postgres, database, broker, ("Messaging:Lease", "00:00:02"));
        await inventory.BecomesReadyAsync();
        await using var replica = await inventory.ReplicateAsync();
        await using var orders = await Orders.StartAsync(inventory);
        var products = new[] { await inventory.AddProductAsync(Pieces), await inventory.AddProductAsync(Pieces) };
        var ids = Enumerable.Range(0, Count).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(ids.Chunk(20).Select(some => orders.SendAsync(some.SelectMany(id =>
            new object[] { new ReserveStock(id, [.. products.Select(product => new StockLine(product, 1))]), new CommitStock(id) }))));

        for (var kill = 1; kill <= 3; kill++)
        {
            var answered = kill * Count / 8;
            await Eventually.TrueAsync(() => ids.Count(id => orders.To(id).Count > 0) >= answered, $"Not even {answered} orders were answered", seconds: 60);
            await postgres.KillAsync();
            await postgres.RestartAsync();
        }

        foreach (var id in ids)
        {
            await orders.AnswersToAsync(id, 2);
        }

        Assert.Equal(Pieces, ids.Count(id => orders.To(id)[^1] is StockCommitted));
        foreach (var product in products)
        {
            var level = await inventory.LevelAsync(product);
            Assert.Equal((0, 0), (level.OnHand, level.Reserved));
            Assert.Equal((long)Pieces, await inventory.SqlAsync($"SELECT shipped FROM stock WHERE product_id = '{product}'"));
        }

        Assert.Equal(0L, await postgres.ExecuteAsync(inventory.Broker, "SELECT count(*) FROM trellis.dead_letters"));
    }
}
