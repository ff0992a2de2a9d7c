using Shop.Payments.Contract;

namespace Shop.Payments.Tests;

/// <summary>The provider misbehaves, one way after the other and in all ways at once.</summary>
[Collection(PaymentsCollection.Name)]
public sealed class FaultTests(PaymentsServers servers)
{
    private static readonly Dictionary<string, object> Faults = new(StringComparer.Ordinal)
    {
        ["latency"] = new { latency = new { medianMs = 100, p99Ms = 1500 } },
        ["errors"] = new { errorRate = 0.5 },
        ["timeouts after charging"] = new { timeoutRate = 0.5, timeoutMs = 3000 },
        ["duplicate callbacks"] = new { duplicateCallbackRate = 1.0, pendingMs = 200 },
        ["late callbacks"] = new { lateCallbackRate = 1.0, lateCallbackMs = 2000, pendingMs = 200 },
        ["all of them"] = new
        {
            latency = new { medianMs = 30, p99Ms = 900 },
            errorRate = 0.2,
            timeoutRate = 0.2,
            timeoutMs = 2000,
            duplicateCallbackRate = 0.5,
            lateCallbackRate = 0.5,
            lateCallbackMs = 1000,
            pendingMs = 500,
        },
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_the_provider_does_each_order_is_charged_once_or_not_at_all(string fault)
    {
        await using var system = await PaymentsSystem.StartAsync(servers.Postgres);
        await system.Provider.SwitchAsync(Faults[fault]);
        string[] tokens = ["tok_visa", "tok_visa", "tok_declined", "tok_pending", "tok_pending_declined"];
        var orders = Enumerable.Range(0, 60).Select(_ => Guid.NewGuid()).ToArray();

        await system.Orders.SendAsync(orders.Select((order, index) => Orders.Capture(order, tokens[index % tokens.Length])));
        await system.Orders.SendAsync(orders.Where((_, index) => index % 4 == 0).Select(Orders.Refund));

        foreach (var (order, index) in orders.Select((order, index) => (order, index)))
        {
            var wanted = index % 4 == 0 ? typeof(PaymentRefunded)
                : tokens[index % tokens.Length].EndsWith("declined", StringComparison.Ordinal) ? typeof(PaymentDeclined) : typeof(PaymentCaptured);
            await Eventually.TrueAsync(() => system.Orders.To(order) is [.., var last] && last.GetType() == wanted, $"An order did not get {wanted.Name}", seconds: 120);
        }

        await system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task A_charge_whose_answer_never_came_is_found_and_not_made_again()
    {
        // Without callbacks: nobody tells of the charge.
        await using var system = await PaymentsSystem.StartAsync(servers.Postgres, callbacks: false);
        await system.Provider.SwitchAsync(new { timeoutRate = 1.0, timeoutMs = 30_000 });
        var (kept, refunded) = (Guid.NewGuid(), Guid.NewGuid());

        await system.Orders.SendAsync(Orders.Capture(kept), Orders.Capture(refunded));
        await Eventually.TrueAsync(async () => (await system.Provider.LedgerAsync()).Count >= 2, "Nothing was charged");
        Assert.Empty(system.Orders.To(kept));
        await system.Orders.SendAsync(Orders.Refund(refunded));

        Assert.IsType<PaymentCaptured>((await system.Orders.AnswersToAsync(kept))[^1]);
        await system.Provider.SwitchAsync(new { });
        await Eventually.TrueAsync(() => system.Orders.To(refunded) is [.., PaymentRefunded], "The order was not refunded", seconds: 60);
        await system.IsConsistentAsync(kept, refunded);
        Assert.True(await system.App.MetricAsync("shop_payments_unknown") > 0, "No outcome was ever unknown");
    }

    [Fact]
    public async Task A_charge_that_comes_through_long_after_it_was_given_up_is_not_a_second_one()
    {
        // The breaker would wait until it has come through.
        await using var system = await PaymentsSystem.StartAsync(
            servers.Postgres, callbacks: false, settings: [("Http:Clients:provider:BreakerMinimumAttempts", "1000")]);
        await system.Provider.SwitchAsync(new { latency = new { medianMs = 6000, p99Ms = 6000 } });
        var orders = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        await system.Orders.SendAsync(orders.Select(order => Orders.Capture(order)));
        await Eventually.TrueAsync(async () => await system.App.MetricAsync("shop_payments_unknown") >= orders.Length, "No call was given up");

        // The provider knows of no charge yet, and is asked for it while the first request is still on its way.
        await system.Provider.SwitchAsync(new { });
        foreach (var order in orders)
        {
            Assert.IsType<PaymentCaptured>((await system.Orders.AnswersToAsync(order))[0]);
        }

        await system.Provider.IsIdleAsync();
        await system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task A_callback_that_is_there_before_the_answer_settles_the_payment()
    {
        await using var system = await PaymentsSystem.StartAsync(
            servers.Postgres,
            settings: [("Http:Clients:provider:Timeout", "00:01:00"), ("Http:Clients:provider:AttemptTimeout", "00:01:00"), ("Charging:Lease", "00:02:00")]);
        await system.Provider.SwitchAsync(new { timeoutRate = 1.0, timeoutMs = 60_000 });
        var order = Guid.NewGuid();

        await system.Orders.SendAsync(Orders.Capture(order));

        Assert.IsType<PaymentCaptured>((await system.Orders.AnswersToAsync(order))[0]);
        Assert.Single(await system.Provider.LedgerAsync(order));
    }

    [Fact]
    public async Task While_the_provider_fails_it_is_left_alone_and_when_it_is_back_everything_is_paid()
    {
        await using var system = await PaymentsSystem.StartAsync(
            servers.Postgres, settings: [("Http:Clients:provider:BreakerSampling", "00:00:02"), ("Http:Clients:provider:BreakerPause", "00:00:01")]);
        await system.Provider.SwitchAsync(new { errorRate = 1.0 });
        var orders = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();

        await system.Orders.SendAsync(orders.Select(order => Orders.Capture(order)));

        await Eventually.TrueAsync(async () => await BreakerAsync(system) == 2, "The breaker did not open");
        await system.Provider.SwitchAsync(new { });
        foreach (var order in orders)
        {
            Assert.IsType<PaymentCaptured>((await system.Orders.AnswersToAsync(order))[^1]);
        }

        await Eventually.TrueAsync(async () => await BreakerAsync(system) == 0, "The breaker did not close");
        await system.IsConsistentAsync(orders);
    }

    [Fact]
    public async Task Orders_wait_for_a_provider_that_is_away()
    {
        await using var system = await PaymentsSystem.StartAsync(servers.Postgres, provider: false);
        var (order, refunded) = (Guid.NewGuid(), Guid.NewGuid());

        await system.Orders.SendAsync(Orders.Capture(order), Orders.Capture(refunded), Orders.Refund(refunded));
        await Eventually.TrueAsync(
            async () => (long)(await system.SqlAsync("SELECT count(*) FROM payments WHERE attempts > 1"))! >= 1, "The provider was not asked again");
        await system.App.BecomesReadyAsync();
        Assert.Empty(system.Orders.To(order));

        await system.Provider.StartAsync(system.App.Callbacks);
        Assert.IsType<PaymentCaptured>((await system.Orders.AnswersToAsync(order))[^1]);
        await Eventually.TrueAsync(() => system.Orders.To(refunded) is [.., PaymentRefunded], "The order was not refunded");
        await system.IsConsistentAsync(order, refunded);
    }

    private static Task<double> BreakerAsync(PaymentsSystem system) => system.App.MetricAsync("trellis_http_client_breaker_state", "provider");
}
