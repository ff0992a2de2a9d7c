using Shop.Fulfilment.Contract;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class CarrierTroubleTests(FulfilmentServers servers)
{
    [Fact]
    public async Task What_the_carrier_refuses_has_failed_and_stays_so()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres);
        await system.Carrier.SwitchAsync(new { refusalRate = 1.0 });
        var order = Guid.NewGuid();

        var failed = await system.Orders.AskAsync<ShipmentFailed>(Orders.Ship(order));
        await system.Carrier.SwitchAsync(new { });
        var again = await system.Orders.AskAsync<ShipmentFailed>(Orders.Ship(order));

        Assert.Equal(failed, again);
        await system.Orders.AskAsync<ShipmentCancelled>(Orders.Cancel(order));
        await system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_carrier_that_is_away_gets_the_order_from_a_job_when_it_is_back()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, carrier: false, settings: ("Jobs:OverdueSchedule", "0 0 1 1 *"));
        var order = Guid.NewGuid();
        await system.Orders.SendAsync(Orders.Ship(order));
        await Eventually.TrueAsync(
            async () => await system.SqlAsync($"SELECT attempts FROM shipments WHERE order_id = '{order}'") is >= 3, "The carrier was not asked again");
        Assert.Empty(system.Orders.To(order));

        await system.Carrier.StartAsync();

        Assert.IsType<OrderShipped>(Assert.Single(await system.Orders.AnswersToAsync(order)));
        Assert.True(await system.App.MetricAsync("shop_fulfilment_job_duration_seconds_count", "CarrierRetry") > 0);
        await system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_carrier_that_does_much_without_saying_so_has_each_order_once()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres);
        await system.Carrier.SwitchAsync(new { errorRate = 0.5, timeoutRate = 0.3, refusalRate = 0.2, onItsWayRate = 0.5 });
        var orders = Enumerable.Range(0, 60).Select(_ => Guid.NewGuid()).ToArray();

        await system.Orders.SendAsync(orders.Select(order => Orders.Ship(order)));
        await system.Orders.SendAsync(orders.Where((_, index) => index % 3 == 0).Select(Orders.Cancel));

        foreach (var order in orders)
        {
            await system.Orders.AnswersToAsync(order);
        }

        await system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task An_order_that_is_cancelled_while_the_carrier_is_silent_is_withdrawn_there()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres);
        await system.Carrier.SwitchAsync(new { timeoutRate = 1.0 });
        var order = Guid.NewGuid();
        await system.Orders.SendAsync(Orders.Ship(order));
        await Eventually.TrueAsync(async () => (await system.Carrier.ShipmentsAsync()).ContainsKey(order), "The carrier was not asked");

        await system.Orders.SendAsync(Orders.Cancel(order));
        await Eventually.TrueAsync(async () => (await system.Carrier.ShipmentsAsync())[order].Status == "Withdrawn", "The shipment was not withdrawn");
        Assert.Empty(system.Orders.To(order));
        await system.Carrier.SwitchAsync(new { });

        Assert.IsType<ShipmentCancelled>(Assert.Single(await system.Orders.AnswersToAsync(order)));
        await system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task An_order_that_is_on_its_way_when_it_is_cancelled_is_shipped()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres);
        await system.Carrier.SwitchAsync(new { timeoutRate = 1.0 });
        var order = Guid.NewGuid();
        await system.Orders.SendAsync(Orders.Ship(order));
        await Eventually.TrueAsync(async () => (await system.Carrier.ShipmentsAsync()).ContainsKey(order), "The carrier was not asked");

        await system.Carrier.SwitchAsync(new { onItsWayRate = 1.0, latencyMs = 300 });
        await system.Orders.SendAsync(Orders.Cancel(order));

        Assert.IsType<OrderShipped>((await system.Orders.AnswersToAsync(order))[0]);
        await system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task An_order_that_the_carrier_cannot_be_made_to_take_has_failed_when_the_carrier_says_that_it_has_not_got_it()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, carrier: false, settings: ("Carrier:GiveUpAfter", "00:00:02"));
        var order = Guid.NewGuid();
        await system.Orders.SendAsync(Orders.Ship(order));
        await Eventually.TrueAsync(
            async () => await system.SqlAsync($"SELECT state FROM shipments WHERE order_id = '{order}'") is (short)2, "The order was not given up");
        Assert.Empty(system.Orders.To(order));

        await system.Carrier.StartAsync();

        Assert.IsType<ShipmentFailed>(Assert.Single(await system.Orders.AnswersToAsync(order)));
        Assert.Equal("Withdrawn", (await system.Carrier.ShipmentsAsync())[order].Status);
        await system.IsConsistentAsync(order);
    }
}
