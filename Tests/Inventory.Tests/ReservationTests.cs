using Shop.Inventory.Contract;
using Shop.Inventory.Rpc;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class ReservationTests(InventoryServers servers) : IAsyncLifetime
{
    private readonly InventoryApp _inventory = servers.Shared;
    private Orders _orders = null!;

    public async Task InitializeAsync() => _orders = await Orders.StartAsync(_inventory);

    public async Task DisposeAsync() => await _orders.DisposeAsync();

    [Fact]
    public async Task An_order_holds_its_pieces_and_the_change_is_told()
    {
        var (chair, desk) = (await _inventory.AddProductAsync(10), await _inventory.AddProductAsync(4));

        var answer = await _orders.AskAsync<StockReserved>(Order(out _, (chair, 3), (desk, 4)));

        Assert.InRange(answer.ExpiresAt, TimeProvider.System.GetUtcNow().AddMinutes(25), TimeProvider.System.GetUtcNow().AddMinutes(35));
        await LevelIsAsync(chair, onHand: 10, reserved: 3);
        await LevelIsAsync(desk, onHand: 4, reserved: 4);
        await Eventually.TrueAsync(() => _orders.Changes(chair).Count > 0 && _orders.Changes(desk).Count > 0, "The change was not told");
        Assert.Equal(7, _orders.Changes(chair).Single().Available);
        Assert.Equal(new StockChanged(desk, 0, (await _inventory.LevelAsync(desk)).Version), _orders.Changes(desk).Single());
    }

    [Fact]
    public async Task An_order_of_which_one_product_lacks_holds_nothing_and_learns_how_much_there_is()
    {
        var (chair, desk, unknown) = (await _inventory.AddProductAsync(10), await _inventory.AddProductAsync(2), Guid.NewGuid());

        var answer = await _orders.AskAsync<StockRejected>(Order(out _, (chair, 3), (desk, 5), (unknown, 1)));

        Assert.Equal(
            new[] { new StockShortage(desk, 5, 2), new StockShortage(unknown, 1, 0) }.ToHashSet(), answer.Shortages.ToHashSet());
        await LevelIsAsync(chair, onHand: 10, reserved: 0);
        await LevelIsAsync(desk, onHand: 2, reserved: 0);
    }

    [Fact]
    public async Task Two_lines_of_one_product_count_together()
    {
        var chair = await _inventory.AddProductAsync(5);

        var answer = await _orders.AskAsync<StockRejected>(Order(out _, (chair, 3), (chair, 3)));

        Assert.Equal([new StockShortage(chair, 6, 5)], answer.Shortages);
    }

    [Fact]
    public async Task A_command_sent_again_is_answered_again_and_has_no_second_effect()
    {
        var (chair, desk) = (await _inventory.AddProductAsync(10), await _inventory.AddProductAsync(1));
        var (held, rejected) = (Order(out var order, (chair, 3)), Order(out _, (desk, 2)));

        var first = await _orders.AskAsync<StockReserved>(held);
        Assert.Equal(first, await _orders.AskAsync<StockReserved>(held));
        await LevelIsAsync(chair, onHand: 10, reserved: 3);

        var shortages = (await _orders.AskAsync<StockRejected>(rejected)).Shortages;
        await _inventory.SqlAsync($"UPDATE stock SET on_hand = 5 WHERE product_id = '{desk}'");
        Assert.Equal(shortages, (await _orders.AskAsync<StockRejected>(rejected)).Shortages);

        await _orders.AskAsync<StockCommitted>(new CommitStock(order));
        await _orders.AskAsync<StockCommitted>(new CommitStock(order));
        await _orders.AskAsync<StockCommitted>(held);
        await LevelIsAsync(chair, onHand: 7, reserved: 0);
    }

    [Fact]
    public async Task Released_pieces_can_be_ordered_again()
    {
        var chair = await _inventory.AddProductAsync(3);
        await _orders.AskAsync<StockReserved>(Order(out var first, (chair, 3)));
        await _orders.AskAsync<StockRejected>(Order(out _, (chair, 1)));

        Assert.False((await _orders.AskAsync<StockReleased>(new ReleaseStock(first))).Expired);
        await _orders.AskAsync<StockReleased>(new ReleaseStock(first));

        await LevelIsAsync(chair, onHand: 3, reserved: 0);
        await _orders.AskAsync<StockReserved>(Order(out _, (chair, 3)));
    }

    [Fact]
    public async Task An_order_that_comes_after_its_own_release_gets_nothing()
    {
        var chair = await _inventory.AddProductAsync(3);
        var late = Order(out var order, (chair, 1));

        await _orders.AskAsync<StockReleased>(new ReleaseStock(order));
        await _orders.AskAsync<StockReleased>(late);

        await LevelIsAsync(chair, onHand: 3, reserved: 0);
    }

    [Fact]
    public async Task Pieces_that_have_left_the_house_are_not_released()
    {
        var chair = await _inventory.AddProductAsync(3);
        await _orders.AskAsync<StockReserved>(Order(out var order, (chair, 2)));
        await _orders.AskAsync<StockCommitted>(new CommitStock(order));

        await _orders.AskAsync<StockCommitted>(new ReleaseStock(order));

        await LevelIsAsync(chair, onHand: 1, reserved: 0);
        Assert.Equal(2L, await _inventory.SqlAsync($"SELECT shipped FROM stock WHERE product_id = '{chair}'"));
    }

    [Fact]
    public async Task A_reservation_that_nobody_ends_ends_itself()
    {
        await using var inventory = await servers.StartInventoryAsync(("Reservations:HoldFor", "00:00:01"), ("Reservations:SweepInterval", "00:00:00.200"));
        await using var replica = await inventory.ReplicateAsync();
        await using var orders = await Orders.StartAsync(inventory);
        var chair = await inventory.AddProductAsync(60);
        var commands = Enumerable.Range(0, 60).Select(index => Order(out _, (chair, 1))).ToArray();

        await orders.SendAsync(commands);

        foreach (var order in commands.Select(command => command.OrderId))
        {
            var answers = await orders.AnswersToAsync(order, 2);
            Assert.IsType<StockReserved>(answers[0]);
            Assert.Equal(new StockReleased(order, Expired: true), answers[1]);
        }

        var level = await inventory.LevelAsync(chair);
        Assert.Equal((60, 0), (level.OnHand, level.Reserved));
    }

    [Fact]
    public async Task An_order_that_commits_too_late_gets_what_is_left_or_learns_that_it_is_too_little()
    {
        await using var inventory = await servers.StartInventoryAsync(("Reservations:HoldFor", "00:00:00.100"), ("Reservations:SweepInterval", "00:00:00.100"));
        await using var orders = await Orders.StartAsync(inventory);
        var chair = await inventory.AddProductAsync(5);
        var (first, second) = (Order(out var early, (chair, 3)), Order(out var late, (chair, 3)));
        foreach (var command in new[] { first, second })
        {
            await orders.SendAsync(command);
            await orders.AnswersToAsync(command.OrderId, 2);
        }

        await orders.AskAsync<StockCommitted>(new CommitStock(early));
        var refused = await orders.AskAsync<StockRejected>(new CommitStock(late));

        Assert.Equal([new StockShortage(chair, 3, 2)], refused.Shortages);
        Assert.Equal((2, 0), ((await inventory.LevelAsync(chair)).OnHand, (await inventory.LevelAsync(chair)).Reserved));
    }

    [Fact]
    public async Task What_came_to_its_end_long_ago_is_forgotten()
    {
        await using var inventory = await servers.StartInventoryAsync(("Reservations:RememberFor", "00:00:01"), ("Reservations:SweepInterval", "00:00:00.200"));
        await using var orders = await Orders.StartAsync(inventory);
        var chair = await inventory.AddProductAsync(5);
        await orders.AskAsync<StockReserved>(Order(out var held, (chair, 1)));
        await orders.AskAsync<StockReserved>(Order(out var released, (chair, 1)));
        await orders.AskAsync<StockReleased>(new ReleaseStock(released));

        await Eventually.TrueAsync(
            async () => (await inventory.SqlAsync("SELECT string_agg(order_id::text, ' ') FROM reservations")) is string left && left == held.ToString(),
            "The released reservation was not forgotten");
    }

    [Fact]
    public async Task Of_200_orders_at_once_for_the_last_10_pieces_10_get_one()
    {
        await using var inventory = await servers.StartInventoryAsync();
        await using var replica = await inventory.ReplicateAsync();
        await using var orders = await Orders.StartAsync(inventory);
        var chair = await inventory.AddProductAsync(10);
        var commands = Enumerable.Range(0, 200).Select(index => Order(out _, (chair, 1))).ToArray();

        await Task.WhenAll(commands.Select(command => orders.SendAsync(command)));

        var answers = await Task.WhenAll(commands.Select(async command => (await orders.AnswersToAsync(command.OrderId, 1))[0]));
        Assert.Equal(10, answers.OfType<StockReserved>().Count());
        Assert.Equal(190, answers.OfType<StockRejected>().Count());
        var level = await inventory.LevelAsync(chair);
        Assert.Equal((10, 10, 0), (level.OnHand, level.Reserved, level.Available));
    }

    [Fact]
    public async Task A_command_that_makes_no_sense_becomes_a_dead_letter_and_holds_up_nobody_else()
    {
        await using var inventory = await servers.StartInventoryAsync(("Messaging:MaxAttempts", "2"), ("Messaging:RetryDelay", "00:00:00.010"));
        await using var orders = await Orders.StartAsync(inventory);
        var chair = await inventory.AddProductAsync(5);

        await orders.SendAsync(
            Order(out _),
            Order(out _, (chair, 0)),
            Order(out _, (chair, -1)),
            Order(out _, (chair, int.MaxValue), (chair, int.MaxValue)),
            new ReserveStock(Guid.NewGuid(), null!),
            new ReserveStock(Guid.Empty, [new StockLine(chair, 1)]),
            new CommitStock(Guid.NewGuid()));

        await orders.AskAsync<StockReserved>(Order(out _, (chair, 1)));
        await Eventually.TrueAsync(
            async () => (long)(await inventory.Postgres.ExecuteAsync(inventory.Broker, "SELECT count(*) FROM trellis.dead_letters"))! == 7, "There were no 7 dead letters");
        Assert.Equal(1, (await inventory.LevelAsync(chair)).Reserved);
    }

    private static ReserveStock Order(out Guid id, params (Guid Product, int Quantity)[] lines)
    {
        id = Guid.NewGuid();
        return new ReserveStock(id, [.. lines.Select(line => new StockLine(line.Product, line.Quantity))]);
    }

    private async Task LevelIsAsync(Guid product, long onHand, long reserved)
    {
        StockLevel level = await _inventory.LevelAsync(product);
        Assert.Equal((onHand, reserved, onHand - reserved), (level.OnHand, level.Reserved, level.Available));
    }
}
