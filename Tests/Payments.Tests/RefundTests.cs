using Shop.Payments.Contract;

namespace Shop.Payments.Tests;

[Collection(PaymentsCollection.Name)]
public sealed class RefundTests(PaymentsServers servers)
{
    private readonly PaymentsSystem _system = servers.Shared;

    [Fact]
    public async Task What_was_charged_is_given_back()
    {
        var order = Guid.NewGuid();
        await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order, amount: 700));

        var refunded = await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order));

        Assert.Equal(new Money(700, "EUR"), refunded.Refunded);
        Assert.Equal([700L, -700L], (await _system.Provider.LedgerAsync(order)).Select(entry => entry.Amount));
        await _system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_refund_that_comes_again_is_answered_again_and_gives_nothing_back()
    {
        var order = Guid.NewGuid();
        await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order));
        var first = await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order));

        Assert.Equal(first, await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order)));

        Assert.Equal(2, (await _system.Provider.LedgerAsync(order)).Count);
        await _system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_capture_that_comes_after_the_refund_charges_nothing()
    {
        var order = Guid.NewGuid();

        var refunded = await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order));
        await _system.Orders.AskAsync<PaymentRefunded>(Orders.Capture(order));

        Assert.Equal(new Money(0, "XXX"), refunded.Refunded);
        Assert.Empty(await _system.Provider.LedgerAsync(order));
        await _system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_declined_payment_is_refunded_by_nothing()
    {
        var order = Guid.NewGuid();
        await _system.Orders.AskAsync<PaymentDeclined>(Orders.Capture(order, "tok_declined"));

        var refunded = await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order));

        Assert.Equal(new Money(0, "EUR"), refunded.Refunded);
        await _system.IsConsistentAsync(order);
    }

    [Theory]
    [InlineData("tok_visa")]
    [InlineData("tok_declined")]
    [InlineData("tok_pending")]
    [InlineData("tok_pending_declined")]
    public async Task A_refund_close_behind_the_capture_leaves_the_order_uncharged(string token)
    {
        var orders = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();

        await _system.Orders.SendAsync(orders.SelectMany(order => new object[] { Orders.Capture(order, token), Orders.Refund(order) }));

        foreach (var order in orders)
        {
            await Eventually.TrueAsync(() => _system.Orders.To(order).Any(answer => answer is PaymentRefunded), "An order was not refunded");
        }

        await _system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task An_order_that_is_about_to_be_refunded_is_not_announced_as_paid()
    {
        var order = Guid.NewGuid();
        await _system.Orders.SendAsync(Orders.Capture(order, "tok_pending"), Orders.Refund(order));

        Assert.IsType<PaymentRefunded>(Assert.Single(await _system.Orders.AnswersToAsync(order)));
    }

    [Fact]
    public async Task A_refund_that_was_made_at_the_provider_by_hand_is_found()
    {
        var order = Guid.NewGuid();
        var captured = await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order, amount: 300));
        using var byHand = await _system.Provider.PostAsync($"/v1/charges/{captured.PaymentId}/refunds", $"by-hand-{order}", new { amount = 300 });
        byHand.EnsureSuccessStatusCode();

        Assert.Equal(new Money(300, "EUR"), (await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order))).Refunded);

        await _system.IsConsistentAsync(order);
    }
}
