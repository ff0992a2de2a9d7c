using System.Diagnostics;
using Shop.Fulfilment.Contract;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class ShipmentTests(FulfilmentServers servers)
{
    private readonly FulfilmentSystem _system = servers.Shared;

    [Fact]
    public async Task An_order_is_shipped_with_the_carriers_number()
    {
        var order = Guid.NewGuid();

        var shipped = await _system.Orders.AskAsync<OrderShipped>(Orders.Ship(order));

        var carrier = (await _system.Carrier.ShipmentsAsync())[order];
        Assert.Equal(("Accepted", carrier.TrackingNumber), (carrier.Status, shipped.TrackingNumber));
        Assert.Equal(0, (carrier.AcceptedAt!.Value - shipped.ShippedAt).TotalMilliseconds, 1.0);
        var context = Assert.Single(_system.Orders.ContextsOf(order));
        Assert.Equal((order.ToString(), order.ToString()), (context.PartitionKey, context.CorrelationId));
        Assert.NotNull(context.CausationId);
        Assert.Equal(DBNull.Value, await _system.SqlAsync($"SELECT parcel FROM shipments WHERE order_id = '{order}'"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_job_while_the_carrier_answers()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, settings: [("Jobs:OverdueSchedule", "0 0 1 1 *"), ("Jobs:PollInterval", "00:01:00")]);
        var orders = Enumerable.Range(0, 50).Select(_ => Guid.NewGuid()).ToArray();

        await system.Orders.SendAsync(orders.Select(order => Orders.Ship(order)));

        foreach (var order in orders)
        {
            await system.Orders.AnswersToAsync(order);
        }

        Assert.Equal(50.0, await system.App.MetricAsync("shop_fulfilment_settled", "shipped"));
    }

    [Fact]
    public async Task An_order_that_is_sent_again_is_answered_again_and_shipped_once()
    {
        var order = Guid.NewGuid();

        var first = await _system.Orders.AskAsync<OrderShipped>(Orders.Ship(order));
        var second = await _system.Orders.AskAsync<OrderShipped>(Orders.Ship(order, street: "Another Street 2"));

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Many_duplicates_at_once_are_one_shipment()
    {
        var orders = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _system.Orders.SendAsync(orders.Select(order => Orders.Ship(order)))));

        foreach (var order in orders)
        {
            await _system.Orders.AnswersToAsync(order);
        }

        await _system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task A_cancellation_that_comes_first_ships_nothing_ever()
    {
        var order = Guid.NewGuid();

        await _system.Orders.AskAsync<ShipmentCancelled>(Orders.Cancel(order));
        await _system.Orders.AskAsync<ShipmentCancelled>(Orders.Ship(order));
        await _system.Orders.AskAsync<ShipmentCancelled>(Orders.Cancel(order));

        Assert.DoesNotContain(order, await _system.Carrier.ShipmentsAsync());
    }

    [Fact]
    public async Task A_cancellation_that_comes_after_the_order_has_left_is_told_so()
    {
        var order = Guid.NewGuid();
        var shipped = await _system.Orders.AskAsync<OrderShipped>(Orders.Ship(order));

        var again = await _system.Orders.AskAsync<OrderShipped>(Orders.Cancel(order));

        Assert.Equal(shipped, again);
        await _system.IsConsistentAsync(order);
    }

    [Theory]
    [InlineData("", "DE", 1)]
    [InlineData("Main Street 1", "Germany", 1)]
    [InlineData("Main Street 1", "DE", 0)]
    public async Task What_cannot_be_shipped_fails_without_the_carrier(string street, string country, int quantity)
    {
        var order = Guid.NewGuid();

        await _system.Orders.AskAsync<ShipmentFailed>(Orders.Ship(order, street, country, quantity));
        await _system.Orders.AskAsync<ShipmentCancelled>(Orders.Cancel(order));

        Assert.DoesNotContain(order, await _system.Carrier.ShipmentsAsync());
    }

    [Fact]
    public async Task The_answer_is_in_the_trace_of_the_command()
    {
        var order = Guid.NewGuid();
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        using var span = source.StartActivity("order");

        await _system.Orders.AskAsync<OrderShipped>(Orders.Ship(order));

        Assert.Contains(span!.TraceId.ToString(), Assert.Single(_system.Orders.ContextsOf(order)).Headers["traceparent"], StringComparison.Ordinal);
    }
}
