using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shop.Payments.Contract;

namespace Shop.Payments.Tests;

[Collection(PaymentsCollection.Name)]
public sealed class CallbackTests(PaymentsServers servers)
{
    private readonly PaymentsSystem _system = servers.Shared;

    [Fact]
    public async Task A_forged_callback_is_refused_and_changes_nothing()
    {
        var order = await PendingAsync();
        var body = Succeeded(order);
        string?[] signatures =
        [
            null,
            "",
            "t=,v1=",
            $"v1={Hex(Now, body)}",
            $"t={Now}",
            $"t={Now},v1={new string('0', 64)}",
            $"t={Now},v1={Hex(Now, body)[..62]}",
            $"t={Now},v1={new string('x', 64)}",
            $"t={Now + 1},v1={Hex(Now, body)}",
            $"t={Now},v1={Hex(Now, body, "another-secret-altogether")}",
            $"t={Now},v1={Hex(Now, body + " ")}",
            $"t={Now},v2={Hex(Now, body)}",
            $"t=-{Now},v1={Hex(Now, body)}",
            new string('t', 5000),
        ];

        foreach (var signature in signatures)
        {
            using var answer = await SendAsync(body, signature);
            Assert.Equal((signature, HttpStatusCode.Unauthorized), (signature, answer.StatusCode));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.Empty(_system.Orders.To(order));
        Assert.IsType<PaymentCaptured>((await _system.Orders.AnswersToAsync(order))[0]);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    [InlineData(-1_000_000)]
    public async Task A_genuine_signature_that_is_not_of_now_is_refused(int seconds)
    {
        var body = Succeeded(Guid.NewGuid());

        using var answer = await SendAsync(body, Sign(body, Now + seconds + Math.Sign(seconds) * 5));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("too old", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"id\":")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"charge.succeeded\"}")]
    [InlineData("{\"id\":\"evt\\u00001\",\"type\":\"charge.succeeded\",\"charge\":{\"id\":\"c\",\"reference\":\"r\",\"amount\":1,\"status\":\"succeeded\"}}")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"charge.succeeded\",\"charge\":{\"id\":null,\"reference\":\"r\",\"amount\":1,\"status\":\"succeeded\"}}")]
    public async Task A_signed_body_that_is_no_event_is_a_bad_request(string body)
    {
        using var answer = await SendAsync(body, Sign(body, Now));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_not_read()
    {
        var body = new string('x', 100_000);

        using var answer = await SendAsync(body, Sign(body, Now));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Callbacks_about_what_nobody_here_knows_are_taken_and_forgotten()
    {
        foreach (var body in (string[])
        [
            Succeeded(Guid.NewGuid()),
            Event("charge.succeeded", "not-an-order", "succeeded"),
            Event("charge.disputed", $"{Guid.NewGuid()}", "succeeded"),
            Event("charge.succeeded", $"{Guid.NewGuid()}", "lost"),
        ])
        {
            using var answer = await SendAsync(body, Sign(body, Now));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_callback_that_is_sent_many_times_at_once_has_one_effect()
    {
        var order = await PendingAsync();
        var body = Succeeded(order);
        var duplicates = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Name == "shop.payments.callbacks")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags[0].Value as string == "duplicate")
            {
                Interlocked.Increment(ref duplicates);
            }
        });
        listener.Start();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SendAsync(body, Sign(body, Now))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        await _system.Orders.AnswersToAsync(order);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString();
        Assert.Equal(1L, await _system.SqlAsync($"SELECT count(*) FROM received_callbacks WHERE event_id = '{id}'"));
        Assert.Equal(29, Volatile.Read(ref duplicates));
        await SettledAsync(order);
        Assert.Single(_system.Orders.To(order));
    }

    [Fact]
    public async Task Late_callbacks_change_nothing_that_is_settled()
    {
        var order = Guid.NewGuid();
        var captured = await _system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(order, amount: 10));
        await TakenAsync(Event("charge.declined", $"{order}", "declined", captured.PaymentId));
        await TakenAsync(Event("charge.refunded", $"{order}", "succeeded", captured.PaymentId, refunded: 10));
        await _system.Orders.AskAsync<PaymentRefunded>(Orders.Refund(order));

        await TakenAsync(Event("charge.succeeded", $"{order}", "succeeded", captured.PaymentId));

        Assert.Equal(2, _system.Orders.To(order).Count);
        await _system.IsConsistentAsync(order);
    }

    [Fact]
    public async Task The_provider_tells_until_somebody_listens_also_after_a_kill()
    {
        await using var system = await PaymentsSystem.StartAsync(servers.Postgres, provider: false, app: false);
        await using var payments = new PaymentsProcess();
        await system.Provider.StartAsync(payments.Callbacks);
        using var charged = await system.Provider.PostAsync("/v1/charges", "key", new { reference = Guid.NewGuid(), amount = 1, currency = "EUR", token = "tok_visa" });
        using var pending = await system.Provider.PostAsync("/v1/charges", "key2", new { reference = Guid.NewGuid(), amount = 1, currency = "EUR", token = "tok_pending" });
        await system.Provider.KillAsync();
        await system.Provider.StartAsync(payments.Callbacks);

        await payments.StartAsync(system.Settings());

        await Eventually.TrueAsync(
            async () => (long)(await system.SqlAsync("SELECT count(*) FROM received_callbacks"))! == 2, "The callbacks did not come", seconds: 60);
    }

    [Fact]
    public async Task The_gateway_lets_through_callbacks_and_nothing_else()
    {
        await using var gateway = await DeployedProcess.StartAsync(
            BuiltProcesses.Gateway, new() { ["services:payments:http:0"] = _system.App.Address.ToString(), ["Management:Port"] = $"{FreePort.Next()}" });
        var body = Succeeded(Guid.NewGuid());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/callbacks") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Provider-Signature", Sign(body, Now));

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Http.SendAsync(request)).StatusCode);
        foreach (var path in (string[])["/api/payments", "/api/payments/", "/api/payments/dead-letters", "/api/payments/callbacks/../../../dead-letters", "/dead-letters", "/api/payments/callbacks%2f..%2f..%2f..%2fmetrics"])
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await gateway.Http.GetAsync(path)).StatusCode));
        }
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string Succeeded(Guid order) => Event("charge.succeeded", $"{order}", "succeeded");

    private static string Event(string type, string reference, string status, string charge = "ch_test", long refunded = 0) => JsonSerializer.Serialize(new
    {
        id = $"evt_{Guid.NewGuid():N}",
        type,
        charge = new { id = charge, reference, amount = 10, amountRefunded = refunded, status },
    });

    private static string Hex(long seconds, string body, string key = ProviderProcess.Key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{seconds}.{body}")));

    private static string Sign(string body, long seconds) => $"t={seconds},v1={Hex(seconds, body)}";

    /// <summary>An order whose charge the provider has not settled yet.</summary>
    private async Task<Guid> PendingAsync()
    {
        var order = Guid.NewGuid();
        await _system.Orders.SendAsync(Orders.Capture(order, "tok_pending", amount: 10));
        await Eventually.TrueAsync(async () => (await _system.Provider.LedgerAsync(order)).Count == 1, "Nothing was asked of the provider");
        return order;
    }

    private Task SettledAsync(Guid order) =>
        Eventually.TrueAsync(async () => (await _system.Provider.LedgerAsync(order)).Count == 2, "The provider did not settle the charge");

    private async Task TakenAsync(string body)
    {
        using var answer = await SendAsync(body, Sign(body, Now));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _system.App.Callbacks) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Provider-Signature", signature);
        }

        return await _system.App.Http.SendAsync(request);
    }
}
