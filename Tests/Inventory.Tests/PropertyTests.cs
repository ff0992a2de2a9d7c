using CsCheck;
using Shop.Inventory.Contract;

namespace Shop.Inventory.Tests;

/// <summary>Many orders for few pieces, in every mixture of commands, sent twice and handled by two replicas at once.</summary>
[Collection(InventoryCollection.Name)]
public sealed class PropertyTests(InventoryServers servers)
{
    private const int Products = 4;

    /// <summary>What becomes of an order: the commands after its reservation, and how often each is sent.</summary>
    private static readonly Gen<Plan> Plans = Gen.Select(
        Gen.Select(Gen.Int[0, Products - 1], Gen.Int[1, 3]).List[1, 4],
        Gen.OneOf("", "c", "r", "cr", "rc", "rr", "cc"),
        Gen.Int[1, 3],
        (lines, after, times) => new Plan(lines, after, times));

    [Fact]
    public async Task Stock_is_never_oversold_and_every_piece_stays_accounted_for()
    {
        await using var inventory = await servers.StartInventoryAsync();
        await using var replica = await inventory.ReplicateAsync();
        await using var orders = await Orders.StartAsync(inventory);

        await Gen.Select(Gen.Int[0, 30].Array[Products], Plans.List[20, 60]).SampleAsync(
            async (pieces, plans) => await HoldsAsync(inventory, orders, pieces, plans), iter: 8, threads: 1);
    }

    private static async Task HoldsAsync(InventoryApp inventory, Orders orders, int[] pieces, List<Plan> plans)
    {
        var products = new List<Guid>();
        foreach (var count in pieces)
        {
            products.Add(await inventory.AddProductAsync(count));
        }

        var sent = plans.ConvertAll(plan => new SentOrder(Guid.NewGuid(), plan));
        await Task.WhenAll(sent.Select(order => orders.SendAsync(order.Commands(products))));
        foreach (var order in sent)
        {
            // Every command has its answer, however often it was sent.
            Assert.Equal(order.Count, (await orders.AnswersToAsync(order.Id, order.Count)).Count);
        }

        // What the answers promise, added up.
        var (held, shipped) = (new long[Products], new long[Products]);
        foreach (var order in sent)
        {
            var answers = orders.To(order.Id);
            Assert.True(order.IsConsistent(answers), $"{order.Plan}: {string.Join(", ", answers)}");
            var sums = answers[^1] switch { StockReserved => held, StockCommitted => shipped, _ => null };
            order.Plan.Lines.ForEach(line => sums?[line.Product] += line.Quantity);
        }

        for (var product = 0; product < Products; product++)
        {
            var level = await inventory.LevelAsync(products[product]);
            Assert.InRange(level.Available, 0, pieces[product]);
            Assert.Equal((held[product], pieces[product] - shipped[product]), (level.Reserved, level.OnHand));
            Assert.Equal(shipped[product], await inventory.SqlAsync($"SELECT shipped FROM stock WHERE product_id = '{products[product]}'"));
            await LastChangeIsAsync(orders, products[product], level.Available, changed: held[product] + shipped[product] > 0);
        }
    }

    // Those who listen end up with the same number.
    private static Task LastChangeIsAsync(Orders orders, Guid product, long available, bool changed) => changed
        ? Eventually.TrueAsync(
            () => orders.Changes(product).MaxBy(change => change.Version)?.Available == available, $"{available} available was not told")
        : Task.CompletedTask;

    private sealed record Plan(List<(int Product, int Quantity)> Lines, string After, int Times);

    private sealed record SentOrder(Guid Id, Plan Plan)
    {
        public int Count => Commands([.. Enumerable.Repeat(Guid.Empty, Products)]).Count;

        public IReadOnlyList<object> Commands(List<Guid> products)
        {
            object reserve = new ReserveStock(Id, [.. Plan.Lines.Select(line => new StockLine(products[line.Product], line.Quantity))]);
            var steps = Plan.After.Select(step => step == 'c' ? (object)new CommitStock(Id) : new ReleaseStock(Id)).Prepend(reserve);
            return [.. steps.SelectMany(step => Enumerable.Repeat(step, Plan.Times))];
        }

        /// <summary>Whether the answers are what an order can meet with, one after the other.</summary>
        public bool IsConsistent(IReadOnlyList<object> answers)
        {
            // A repeated command gets the same answer; once committed, always committed.
            var repeated = answers.Chunk(Plan.Times).All(same => same.Select(answer => answer.GetType()).Distinct().Count() == 1);
            var committed = answers.SkipWhile(answer => answer is not StockCommitted).All(answer => answer is StockCommitted);
            var first = answers[0] is StockReserved or StockRejected;
            return repeated && committed && first;
        }
    }
}
