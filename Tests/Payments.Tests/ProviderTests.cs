using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Shop.Payments.Tests;

/// <summary>The simulator keeps what a real provider promises; otherwise the other tests would prove little.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly ProviderProcess _provider = new();

    public Task InitializeAsync() => _provider.StartAsync(callbacks: null);

    public Task DisposeAsync() => _provider.DisposeAsync().AsTask();

    [Fact]
    public async Task The_same_key_gets_the_same_answer_and_is_refused_for_another_request()
    {
        var order = Guid.NewGuid();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ChargeAsync("key", order, 10)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ChargeAsync("key", order, 11)).StatusCode);
        Assert.Single(await _provider.LedgerAsync(order));
    }

    [Fact]
    public async Task Only_keys_keep_charges_of_one_order_apart()
    {
        var order = Guid.NewGuid();

        await ChargeAsync("one", order, 10);
        await ChargeAsync("other", order, 10);

        Assert.Equal(2, (await _provider.LedgerAsync(order)).Count);
    }

    [Fact]
    public async Task What_was_answered_outlives_a_kill()
    {
        var orders = Enumerable.Range(0, 50).Select(_ => Guid.NewGuid()).ToArray();
        var answered = new ConcurrentBag<string>();
        var sending = orders.Select(async order =>
        {
            try
            {
                using var answer = await ChargeAsync($"{order}", order, 10);
                answered.Add(await answer.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException)
            {
                // Killed before it was answered.
            }
        }).ToArray();
        await Eventually.TrueAsync(() => answered.Count > 3, "Nothing was answered");
        await _provider.KillAsync();
        await Task.WhenAll(sending);

        await _provider.StartAsync(callbacks: null);

        var ledger = await _provider.LedgerAsync();
        foreach (var charge in answered.Select(text => JsonDocument.Parse(text).RootElement))
        {
            Assert.Single(ledger, entry => entry.ChargeId == charge.GetProperty("id").GetString());
        }

        foreach (var order in orders)
        {
            Assert.Equal(HttpStatusCode.Created, (await ChargeAsync($"{order}", order, 10)).StatusCode);
            Assert.Single(await _provider.LedgerAsync(order));
        }
    }

    [Fact]
    public async Task Nothing_more_than_was_charged_is_refunded()
    {
        var order = Guid.NewGuid();
        using var charged = await ChargeAsync("charge", order, 100);
        var id = JsonDocument.Parse(await charged.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.Created, (await RefundAsync(id, "first", 60)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await RefundAsync(id, "first", 60)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await RefundAsync(id, "second", 60)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await RefundAsync(id, "third", 40)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RefundAsync("ch_none", "fourth", 1)).StatusCode);

        Assert.Equal(0, (await _provider.LedgerAsync(order)).Sum(entry => entry.Amount));
    }

    [Theory]
    [InlineData(null, "order", 1L, "EUR", "tok_visa")]
    [InlineData("a b", "order", 1L, "EUR", "tok_visa")]
    [InlineData("key", "", 1L, "EUR", "tok_visa")]
    [InlineData("key", "order", 0L, "EUR", "tok_visa")]
    [InlineData("key", "order", -1L, "EUR", "tok_visa")]
    [InlineData("key", "order", long.MaxValue, "EUR", "tok_visa")]
    [InlineData("key", "order", 1L, "eur", "tok_visa")]
    [InlineData("key", "order", 1L, "EUR", "4111111111111111")]
    public async Task Bad_input_is_a_bad_request_with_a_problem(string? key, string reference, long amount, string currency, string token)
    {
        using var answer = await _provider.PostAsync("/v1/charges", key, new { reference, amount, currency, token });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await _provider.LedgerAsync());
    }

    [Fact]
    public async Task The_switches_are_shown_and_refuse_nonsense()
    {
        await _provider.SwitchAsync(new { errorRate = 0.25 });
        Assert.Equal(0.25, (await _provider.GetAsync("/v1/faults")).GetProperty("errorRate").GetDouble());

        await Assert.ThrowsAsync<HttpRequestException>(() => _provider.SwitchAsync(new { errorRate = 2 }));
        await Assert.ThrowsAsync<HttpRequestException>(() => _provider.SwitchAsync(new { latency = new { medianMs = 10, p99Ms = 5 } }));
    }

    private Task<HttpResponseMessage> ChargeAsync(string key, Guid order, long amount) =>
        _provider.PostAsync("/v1/charges", key, new { reference = order, amount, currency = "EUR", token = "tok_visa" });

    private Task<HttpResponseMessage> RefundAsync(string? id, string key, long amount) => _provider.PostAsync($"/v1/charges/{id}/refunds", key, new { amount });
}
