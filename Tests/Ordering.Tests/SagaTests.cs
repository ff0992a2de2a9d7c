using System.Net;
using System.Text.Json.Nodes;
using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Payments.Contract;

namespace Shop.Ordering.Tests;

/// <summary>Orders on their way, with the answers of the other services as real messages over a real broker.</summary>
[Collection(OrderingCollection.Name)]
public sealed class SagaTests(OrderingServers servers)
{
    private readonly OrderingApp _ordering = servers.Shared;
    private readonly Others _others = servers.Others;

    [Fact]
    public async Task An_order_goes_all_the_way()
    {
        var product = _ordering.Shelf.Add(24_950);
        using var response = await _ordering.PostAsync(OrderingApp.Order(product, quantity: 2, token: "tok_visa"));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var accepted = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var id = (Guid)accepted["id"]!;
        Assert.Equal("Submitted", (string)accepted["status"]!);
        Assert.Equal($"{OrderingApp.Orders}/{id}", response.Headers.Location!.OriginalString);

        Assert.Equal([new StockLine(product, 2)], (await _others.HearsAsync<ReserveStock>(id)).Lines);
        await _others.SayAsync(Reserved(id));
        var capture = await _others.HearsAsync<CapturePayment>(id);
        Assert.Equal(("tok_visa", 49_900L, "EUR"), (capture.PaymentToken, capture.Amount.Amount, capture.Amount.Currency));
        await _others.SayAsync(Captured(id));
        var ship = await _others.HearsAsync<ShipOrder>(id);
        Assert.Equal([new ShipmentLine(product, 2)], ship.Lines);
        Assert.Equal(new ShippingAddress("Ada Lovelace", "St James's Square 12", "SW1Y 4JH", "London", "GB"), ship.Address);
        await _others.SayAsync(Shipped(id));
        await _others.HearsAsync<CommitStock>(id);
        await _others.SayAsync(new StockCommitted(id));
        var completed = await _others.HearsAsync<OrderCompleted>(id);

        Assert.Equal(("tester", 49_900L), (completed.Customer, completed.Total.Amount));
        Assert.Equal((product, 2, 24_950L), (completed.Lines[0].ProductId, completed.Lines[0].Quantity, completed.Lines[0].UnitPrice.Amount));
        var order = await _ordering.GetAsync(id);
        Assert.Equal("Completed", (string)order["status"]!);
        Assert.Equal("TRACK-1", (string)order["trackingNumber"]!);
        Assert.Null(order["reason"]);
        Assert.Equal(["Submitted", "StockReserved", "Paid", "Shipped", "Completed"], await _ordering.TimelineAsync(id));
        Assert.Single(_others.About(id).OfType<OrderSubmitted>());
    }

    [Fact]
    public async Task Without_pieces_an_order_is_rejected_and_nothing_is_charged()
    {
        var id = await _ordering.PlaceAsync();
        var product = (await _others.HearsAsync<ReserveStock>(id)).Lines[0].ProductId;

        await _others.SayAsync(new StockRejected(id, [new StockShortage(product, 1, 0)]));

        Assert.Equal([product], (await _others.HearsAsync<OrderRejected>(id)).ProductIds);
        Assert.Equal(["Submitted", "Rejected"], await _ordering.TimelineAsync(id));
        Assert.Contains($"{product}", (string)(await _ordering.GetAsync(id))["reason"]!, StringComparison.Ordinal);
        Assert.Empty(_others.About(id).OfType<CapturePayment>());
        using var cancelled = await _ordering.CancelAsync(id);
        Assert.Equal(HttpStatusCode.Conflict, cancelled.StatusCode);
    }

    [Fact]
    public async Task A_declined_payment_gives_the_pieces_back()
    {
        var id = await ReservedOrderAsync();

        await _others.SayAsync(new PaymentDeclined(id, "The card was declined."));
        await _others.HearsAsync<ReleaseStock>(id);
        Assert.Equal(["Submitted", "StockReserved", "PaymentDeclined"], await _ordering.TimelineAsync(id));
        await _others.SayAsync(new StockReleased(id, Expired: false));

        Assert.Equal("The card was declined.", (await _others.HearsAsync<OrderCancelled>(id)).Reason);
        Assert.Equal(["Submitted", "StockReserved", "PaymentDeclined", "Cancelled"], await _ordering.TimelineAsync(id));
        Assert.Empty(_others.About(id).OfType<RefundPayment>());
    }

    [Fact]
    public async Task What_is_cancelled_before_the_pieces_are_held_gives_back_what_may_come()
    {
        var id = await _ordering.PlaceAsync();
        await _others.HearsAsync<ReserveStock>(id);

        await CancelAsync(id);
        await _others.HearsAsync<ReleaseStock>(id);
        await _others.SayAsync(Reserved(id), new StockReleased(id, Expired: false));

        await _ordering.BecomesAsync(id, "Cancelled");
        Assert.Empty(_others.About(id).OfType<CapturePayment>());
    }

    [Fact]
    public async Task What_is_cancelled_while_the_payment_is_under_way_ends_uncharged()
    {
        var id = await ReservedOrderAsync();

        await CancelAsync(id);
        await _others.HearsAsync<ReleaseStock>(id);
        await _others.HearsAsync<RefundPayment>(id);
        await _others.SayAsync(Captured(id), new StockReleased(id, Expired: false));
        Assert.Equal("Cancelling", (await _ordering.TimelineAsync(id))[^1]);
        await _others.SayAsync(Refunded(id));

        await _ordering.BecomesAsync(id, "Cancelled");
        Assert.Empty(_others.About(id).OfType<ShipOrder>());
    }

    [Fact]
    public async Task What_is_cancelled_after_the_payment_stops_the_shipment_first()
    {
        var id = await PaidOrderAsync();

        await CancelAsync(id);
        await _others.HearsAsync<CancelShipment>(id);
        Assert.Empty(_others.About(id).OfType<RefundPayment>());
        await _others.SayAsync(new ShipmentCancelled(id));
        await _others.HearsAsync<RefundPayment>(id);
        await _others.HearsAsync<ReleaseStock>(id);
        await _others.SayAsync(Refunded(id), new StockReleased(id, Expired: false));

        await _ordering.BecomesAsync(id, "Cancelled");
        Assert.Equal(["Submitted", "StockReserved", "Paid", "Cancelling", "Cancelled"], await _ordering.TimelineAsync(id));
    }

    [Fact]
    public async Task A_shipment_that_has_left_before_it_could_be_stopped_is_completed()
    {
        var id = await PaidOrderAsync();

        await CancelAsync(id);
        await _others.HearsAsync<CancelShipment>(id);
        await _others.SayAsync(Shipped(id));
        await _others.HearsAsync<CommitStock>(id);
        using var tooLate = await _ordering.CancelAsync(id);
        Assert.Equal(HttpStatusCode.Conflict, tooLate.StatusCode);
        await _others.SayAsync(Shipped(id), new StockCommitted(id));

        await _ordering.BecomesAsync(id, "Completed");
        Assert.Equal(["Submitted", "StockReserved", "Paid", "Cancelling", "Shipped", "Completed"], await _ordering.TimelineAsync(id));
        Assert.Empty(_others.About(id).OfType<RefundPayment>());
    }

    [Fact]
    public async Task A_carrier_that_refuses_for_good_costs_the_customer_nothing()
    {
        var id = await PaidOrderAsync();

        await _others.SayAsync(new ShipmentFailed(id, "Nobody delivers to that island."));
        await _others.HearsAsync<RefundPayment>(id);
        await _others.HearsAsync<ReleaseStock>(id);
        await _others.SayAsync(new StockReleased(id, Expired: false), Refunded(id));

        Assert.Equal("Nobody delivers to that island.", (await _others.HearsAsync<OrderCancelled>(id)).Reason);
    }

    [Fact]
    public async Task Pieces_that_somebody_else_has_got_meanwhile_are_refunded()
    {
        var id = await PaidOrderAsync();

        // The reservation ran out, which is told late; the pieces are gone.
        await _others.SayAsync(Shipped(id));
        await _others.HearsAsync<CommitStock>(id);
        await _others.SayAsync(new StockReleased(id, Expired: true), new StockRejected(id, []));
        await _others.HearsAsync<RefundPayment>(id);
        await _others.SayAsync(Refunded(id));

        await _ordering.BecomesAsync(id, "Cancelled");
        Assert.Empty(_others.About(id).OfType<ReleaseStock>());
    }

    [Fact]
    public async Task Money_that_comes_after_the_end_is_given_back()
    {
        var id = await ReservedOrderAsync();
        await CancelAsync(id);
        await _others.HearsAsync<RefundPayment>(id);
        await _others.SayAsync(new StockReleased(id, Expired: false), Refunded(id));
        await _ordering.BecomesAsync(id, "Cancelled");

        await _others.SayAsync(Captured(id), Reserved(id));

        await _others.HearsAsync<RefundPayment>(id, times: 2);
        await _others.HearsAsync<ReleaseStock>(id, times: 2);
        Assert.Equal("Cancelled", (await _ordering.TimelineAsync(id))[^1]);
    }

    [Fact]
    public async Task An_answer_that_comes_twice_has_no_second_effect()
    {
        var id = await PaidOrderAsync();

        await _others.SayAsync(Reserved(id), Captured(id), Reserved(id), Shipped(id), Shipped(id), Captured(id), new StockCommitted(id), new StockCommitted(id));
        await _others.HearsAsync<OrderCompleted>(id);
        await _others.SayAsync(new PaymentDeclined(id, "Never mind."), new StockRejected(id, []), new ShipmentFailed(id, "Never mind."));

        await _others.AllIsHandledAsync();
        Assert.Equal(["Submitted", "StockReserved", "Paid", "Shipped", "Completed"], await _ordering.TimelineAsync(id));
        Assert.Equal(
            [typeof(CapturePayment), typeof(CommitStock), typeof(OrderCompleted), typeof(OrderSubmitted), typeof(ReserveStock), typeof(ShipOrder)],
            _others.About(id).Select(message => message.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task To_cancel_twice_is_to_cancel_once()
    {
        var id = await _ordering.PlaceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _ordering.CancelAsync(id)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        await _others.HearsAsync<ReleaseStock>(id);
        await _others.SayAsync(new StockReleased(id, Expired: false));
        await _ordering.BecomesAsync(id, "Cancelled");
        await CancelAsync(id);
        Assert.Single(_others.About(id).OfType<ReleaseStock>());
        Assert.Equal(4L, await _ordering.SqlAsync($"SELECT count(*) FROM events WHERE stream_id = '{id}'"));
    }

    [Fact]
    public async Task All_of_an_order_is_one_trace_its_cancellation_too()
    {
        var id = await PaidOrderAsync();
        await CancelAsync(id);
        await _others.HearsAsync<CancelShipment>(id);

        Assert.Single(_others.TracesOf(id).Distinct(StringComparer.Ordinal));
        Assert.Equal(
            _others.TracesOf(id)[0],
            Assert.IsType<string>(await _ordering.SqlAsync(
                $"SELECT string_agg(DISTINCT split_part(trace_parent, '-', 2), ' ') FROM events WHERE stream_id = '{id}'")));
    }

    internal static StockReserved Reserved(Guid id) => new(id, TimeProvider.System.GetUtcNow().AddMinutes(30));

    internal static PaymentCaptured Captured(Guid id) => new(id, "ch_1", new Payments.Contract.Money(1_000, "EUR"));

    internal static PaymentRefunded Refunded(Guid id) => new(id, new Payments.Contract.Money(1_000, "EUR"));

    internal static OrderShipped Shipped(Guid id) => new(id, "TRACK-1", TimeProvider.System.GetUtcNow());

    private async Task<Guid> ReservedOrderAsync()
    {
        var id = await _ordering.PlaceAsync();
        await _others.HearsAsync<ReserveStock>(id);
        await _others.SayAsync(Reserved(id));
        await _others.HearsAsync<CapturePayment>(id);
        return id;
    }

    private async Task<Guid> PaidOrderAsync()
    {
        var id = await ReservedOrderAsync();
        await _others.SayAsync(Captured(id));
        await _others.HearsAsync<ShipOrder>(id);
        return id;
    }

    private async Task CancelAsync(Guid id)
    {
        using var response = await _ordering.CancelAsync(id);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
