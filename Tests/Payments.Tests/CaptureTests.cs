using System.Diagnostics;
using Shop.Payments.Contract;

namespace Shop.Payments.Tests;

[Collection(PaymentsCollection.Name)]
public sealed class CaptureTests(PaymentsServers servers)
{
    private readonly PaymentsSystem _system = servers.Shared;

    [Fact]
    public async Task An_order_is_charged_its_amount_and_told_so()
    {
        var order = Guid.NewGuid();

        var captured = await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order, amount: 1999, currency: "SEK"));

        Assert.Equal(new Money(1999, "SEK"), captured.Amount);
        var entry = Assert.Single(await _system.Provider.LedgerAsync(order));
        Assert.Equal((1999, "SEK", captured.PaymentId), (entry.Amount, entry.Currency, entry.ChargeId));
        await _system.IsConsistentAsync(order);
    }

    [Theory]
    [InlineData("tok_declined", "declined")]
    [InlineData("tok_insufficient", "funds")]
    [InlineData("tok_pending_declined", "declined")]
    [InlineData("no-token", "accept")]
    [InlineData("", "means of payment")]
    [InlineData("tok_\u00e4", "means of payment")]
    [InlineData("tok_\0", "means of payment")]
    public async Task A_declined_payment_charges_nothing_and_says_why(string token, string why)
    {
        var order = Guid.NewGuid();

        var declined = await _system.Orders.AskAsync<PaymentDeclined>(Orders.Capture(order, token));

        Assert.Contains(why, declined.Reason, StringComparison.Ordinal);
        await _system.IsConsistentAsync(order);
    }

    [Theory]
    [InlineData(0, "EUR")]
    [InlineData(-5, "EUR")]
    [InlineData(long.MaxValue, "EUR")]
    [InlineData(5, "euro")]
    [InlineData(5, "e\0r")]
    public async Task An_amount_that_cannot_be_charged_is_declined(long amount, string currency)
    {
        var order = Guid.NewGuid();

        await _system.Orders.AskAsync<PaymentDeclined>(Orders.Capture(order, amount: amount, currency: currency));

        await _system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_token_is_not_kept_longer_than_it_is_needed()
    {
        var order = Guid.NewGuid();

        await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order));

        Assert.Equal(DBNull.Value, await _system.SqlAsync($"SELECT token FROM payments WHERE order_id = '{order}'"));
    }

    [Fact]
    public async Task A_pending_charge_is_neither_paid_nor_declined_until_it_settles()
    {
        var order = Guid.NewGuid();
        await _system.Orders.SendAsync(Orders.Capture(order, "tok_pending"));
        await Eventually.TrueAsync(async () => (await _system.Provider.LedgerAsync(order)).Count == 1, "Nothing was asked of the provider");

        Assert.Empty(_system.Orders.To(order));
        Assert.IsType<PaymentCaptured>((await _system.Orders.AnswersToAsync(order))[0]);
        await _system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task A_command_that_comes_again_is_answered_again_and_charges_nothing()
    {
        var order = Guid.NewGuid();
        var first = await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order));

        // Another token and amount, as if somebody had made a mistake: the first counts.
        var again = await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order, "tok_declined", amount: 1));

        Assert.Equal(first, again);
        Assert.Single(await _system.Provider.LedgerAsync(order));
    }

    [Fact]
    public async Task Many_commands_for_an_order_at_once_charge_it_once()
    {
        var orders = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _system.Orders.SendAsync(orders.Select(order => Orders.Capture(order)))));

        foreach (var order in orders)
        {
            Assert.IsType<PaymentCaptured>((await _system.Orders.AnswersToAsync(order))[0]);
        }

        await _system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task The_answer_belongs_to_the_order_and_to_the_trace_of_the_command()
    {
        var order = Guid.NewGuid();
        using var trace = new Activity("checkout") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order));

        var context = Assert.Single(_system.Orders.ContextsOf(order));
        Assert.Equal((order.ToString(), order.ToString()), (context.PartitionKey, context.CorrelationId));
        Assert.NotNull(context.CausationId);
        Assert.Contains(trace.TraceId.ToHexString(), context.Headers["traceparent"], StringComparison.Ordinal);
    }
}
