using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Payments.Contract;

namespace Shop.Ordering.Tests;

/// <summary>Orders that do not get their answers.</summary>
[Collection(OrderingCollection.Name)]
public sealed class DeadlineTests(OrderingServers servers)
{
    [Theory]
    [InlineData("Stock", typeof(ReserveStock), "The inventory did not answer in time.", "Submitted Cancelling Cancelled")]
    [InlineData("Payment", typeof(CapturePayment), "The payment was not made in time.", "Submitted StockReserved Cancelling Cancelled")]
    [InlineData("Shipment", typeof(ShipOrder), "The shipment did not leave in time.", "Submitted StockReserved Paid Cancelling Cancelled")]
    public async Task An_order_that_waits_too_long_is_given_up_and_undone(string step, Type unanswered, string reason, string timeline)
    {
        await using var ordering = await servers.StartOrderingAsync(($"Deadlines:{step}", "00:00:01"));
        await using var others = await Others.StartAsync(ordering);
        others.Serve(message => message.GetType() != unanswered);

        var id = await ordering.PlaceAsync();

        Assert.Equal(reason, (await others.HearsAsync<OrderCancelled>(id)).Reason);
        Assert.Equal(timeline.Split(' '), await ordering.TimelineAsync(id));
        Assert.Single(others.About(id).OfType<ReleaseStock>());
        Assert.Equal(step == "Stock" ? 0 : 1, others.About(id).OfType<RefundPayment>().Count());
        Assert.Equal(step == "Shipment" ? 1 : 0, others.About(id).OfType<CancelShipment>().Count());
        Assert.Single(others.TracesOf(id).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_deadline_that_was_met_does_nothing()
    {
        await using var ordering = await servers.StartOrderingAsync(("Deadlines:Stock", "00:00:00.500"), ("Deadlines:Payment", "00:00:20"));
        await using var others = await Others.StartAsync(ordering);
        others.Serve(message => message is ReserveStock);
        var id = await ordering.PlaceAsync();
        await ordering.BecomesAsync(id, "StockReserved");

        // The first look is over when the next one is planned.
        await Eventually.TrueAsync(
            async () => (long)(await ordering.SqlAsync(
                "SELECT count(*) FROM outbox_messages WHERE deliver_at > now() + interval '1 second' AND type = 'shop.ordering.order-deadline.v1'"))! == 1,
            "The next look was not planned");

        Assert.Equal(["Submitted", "StockReserved"], await ordering.TimelineAsync(id));
        await others.SayAsync(SagaTests.Captured(id));
        await ordering.BecomesAsync(id, "Paid");
    }
}
