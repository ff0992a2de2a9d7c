using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shop.Inventory.Contract;

namespace Shop.Ordering.Tests;

[Collection(OrderingCollection.Name)]
public sealed class PlacingTests(OrderingServers servers)
{
    private readonly OrderingApp _ordering = servers.Shared;

    [Fact]
    public async Task The_same_key_sent_50_times_at_once_is_one_order()
    {
        using var customer = _ordering.As("impatient");
        var (body, key) = (OrderingApp.Order(_ordering.Shelf.Add()), Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _ordering.PostAsync(body.DeepClone(), key, customer)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        var id = Assert.Single(await Task.WhenAll(answers.Select(IdAsync)).ContinueWith(ids => ids.Result.Distinct()));
        Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
        Assert.Equal(1, (int)(await JsonAsync(await customer.GetAsync(OrderingApp.Orders)))["total"]!);
        Assert.Equal(1L, await _ordering.SqlAsync($"SELECT count(*) FROM events WHERE stream_id = '{id}'"));
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_body_is_refused()
    {
        var (product, key) = (_ordering.Shelf.Add(), Guid.NewGuid().ToString());
        using var first = await _ordering.PostAsync(OrderingApp.Order(product), key);

        using var second = await _ordering.PostAsync(OrderingApp.Order(product, quantity: 2), key);

        await IsProblemAsync(second, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Without_a_key_there_is_no_order()
    {
        using var response = await _ordering.Customer.PostAsJsonAsync(OrderingApp.Orders, OrderingApp.Order(_ordering.Shelf.Add()));

        await IsProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Prices_are_those_of_the_catalogue_when_it_was_ordered()
    {
        var (lamp, desk) = (_ordering.Shelf.Add(4_990), _ordering.Shelf.Add(63_900));
        var body = OrderingApp.Order(lamp, quantity: 3, seen: 4_990);
        body["lines"]!.AsArray().Add(OrderingApp.Line(desk));
        using var response = await _ordering.PostAsync(body);
        var id = await IdAsync(response);
        _ordering.Shelf.Price(lamp, 9_990);

        var order = await _ordering.GetAsync(id);

        Assert.Equal("""{"amount":78870,"currency":"EUR"}""", order["total"]!.ToJsonString());
        Assert.Equal([4_990, 63_900], order["lines"]!.AsArray().Select(line => (int)line!["unitPrice"]!["amount"]!));
        Assert.Equal($"Product {lamp:N}", (string)order["lines"]![0]!["name"]!);
        Assert.Equal("London", (string)order["shippingAddress"]!["city"]!);
        Assert.DoesNotContain("tok_fine", order.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_that_was_seen_but_is_no_more_is_refused_by_the_products_name()
    {
        var (product, key) = (_ordering.Shelf.Add(1_000), Guid.NewGuid().ToString());
        _ordering.Shelf.Price(product, 1_100);

        using var refused = await _ordering.PostAsync(OrderingApp.Order(product, seen: 1_000), key);

        var problem = await IsProblemAsync(refused, HttpStatusCode.Conflict);
        Assert.Equal(product, (Guid)problem["products"]![0]!);
        Assert.Contains($"Product {product:N}", (string)problem["detail"]!, StringComparison.Ordinal);

        // Whoever has seen the new one may use the key again.
        using var accepted = await _ordering.PostAsync(OrderingApp.Order(product, seen: 1_100), key);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task A_product_that_is_not_sold_is_named()
    {
        var (sold, withdrawn) = (_ordering.Shelf.Add(), _ordering.Shelf.Add());
        _ordering.Shelf.Withdraw(withdrawn);
        var body = OrderingApp.Order(sold);
        body["lines"]!.AsArray().Add(OrderingApp.Line(withdrawn));

        using var refused = await _ordering.PostAsync(body);

        var problem = await IsProblemAsync(refused, HttpStatusCode.UnprocessableEntity);
        Assert.Equal([withdrawn], problem["products"]!.AsArray().Select(id => (Guid)id!));
    }

    [Fact]
    public async Task An_order_is_paid_in_one_currency()
    {
        var body = OrderingApp.Order(_ordering.Shelf.Add());
        body["lines"]!.AsArray().Add(OrderingApp.Line(_ordering.Shelf.Add(currency: "SEK")));

        using var refused = await _ordering.PostAsync(body);

        await IsProblemAsync(refused, HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(StatusCodes.Status503ServiceUnavailable, "")]
    [InlineData(StatusCodes.Status500InternalServerError, "")]
    [InlineData(StatusCodes.Status200OK, "<html>Under construction</html>")]
    [InlineData(StatusCodes.Status200OK, "null")]
    [InlineData(StatusCodes.Status200OK, "{}")]
    [InlineData(0, "")]
    [InlineData(-1, "")]
    public async Task While_prices_cannot_be_asked_for_nothing_is_ordered_and_the_customer_is_told_when_to_come_back(int status, string content)
    {
        await using var ordering = await servers.StartOrderingAsync(("Http:Clients:catalog:AttemptTimeout", "00:00:00.300"), ("Http:Clients:catalog:Timeout", "00:00:01"));
        var (product, key) = (ordering.Shelf.Add(), Guid.NewGuid().ToString());
        ordering.Shelf.Instead = async http =>
        {
            switch (status)
            {
                case 0:
                    http.Abort();
                    return true;
                case -1:
                    // Longer than anybody waits.
                    await Task.Delay(TimeSpan.FromMinutes(1), http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                    return true;
                default:
                    http.Response.StatusCode = status;
                    http.Response.ContentType = "application/json";
                    await http.Response.WriteAsync(content);
                    return true;
            }
        };

        using var refused = await ordering.PostAsync(OrderingApp.Order(product), key);

        await IsProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(0L, await ordering.SqlAsync("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM outbox_messages) + (SELECT count(*) FROM idempotency_keys)"));
        ordering.Shelf.Instead = _ => Task.FromResult(false);
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await ordering.PostAsync(OrderingApp.Order(product), key);
                return again.StatusCode == HttpStatusCode.Accepted;
            },
            "The order was not taken when the catalogue was back");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}", "lines", "shippingAddress", "paymentToken")]
    [InlineData("""{"lines":[]}""", "lines")]
    [InlineData("""{"lines":[null]}""")]
    [InlineData("""{"lines":[{}]}""", "lines[0].productId", "lines[0].quantity")]
    [InlineData("""{"lines":[{"productId":"019b76e2-1a40-7355-a2ea-12f0895434b4","quantity":0}]}""", "lines[0].quantity")]
    [InlineData("""{"lines":[{"productId":"019b76e2-1a40-7355-a2ea-12f0895434b4","quantity":-1}]}""", "lines[0].quantity")]
    [InlineData("""{"lines":[{"productId":"019b76e2-1a40-7355-a2ea-12f0895434b4","quantity":1001}]}""", "lines[0].quantity")]
    [InlineData("""{"lines":[{"productId":"019b76e2-1a40-7355-a2ea-12f0895434b4","quantity":"2"}]}""")]
    [InlineData("""{"lines":[{"productId":"lamp","quantity":1}]}""")]
    [InlineData("""{"lines":[{"productId":"019b76e2-1a40-7355-a2ea-12f0895434b4","quantity":1,"unitPrice":{"amount":-1,"currency":"eur"}}]}""", "lines[0].unitPrice.amount", "lines[0].unitPrice.currency")]
    [InlineData("""{"shippingAddress":{"name":"A\u0000","street":"","postalCode":"1","city":"B","country":"gb"}}""", "shippingAddress.name", "shippingAddress.street", "shippingAddress.country")]
    [InlineData("""{"paymentToken":""}""", "paymentToken")]
    public async Task A_body_that_is_no_order_is_told_what_is_wrong(string body, params string[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, OrderingApp.Orders) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());

        using var response = await _ordering.Customer.SendAsync(request);

        var problem = await IsProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.All(fields, field => Assert.NotEmpty(problem["errors"]![field]!.AsArray()));
    }

    [Fact]
    public async Task More_lines_than_an_order_may_have_are_refused_unasked()
    {
        var body = OrderingApp.Order(_ordering.Shelf.Add());
        for (var line = 0; line < 100; line++)
        {
            body["lines"]!.AsArray().Add(OrderingApp.Line(Guid.NewGuid()));
        }

        using var refused = await _ordering.PostAsync(body);

        Assert.NotEmpty((await IsProblemAsync(refused, HttpStatusCode.BadRequest))["errors"]!["lines"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_sees_or_cancels_another_ones_order()
    {
        using var ada = _ordering.As("ada");
        using var eve = _ordering.As("eve");
        var id = await _ordering.PlaceAsync(client: ada);

        using var seen = await eve.GetAsync($"{OrderingApp.Orders}/{id}");
        await IsProblemAsync(seen, HttpStatusCode.NotFound);
        using var cancelled = await _ordering.CancelAsync(id, eve);
        await IsProblemAsync(cancelled, HttpStatusCode.NotFound);
        Assert.Equal(0, (int)(await JsonAsync(await eve.GetAsync(OrderingApp.Orders)))["total"]!);

        Assert.Equal("Submitted", (string)(await JsonAsync(await ada.GetAsync($"{OrderingApp.Orders}/{id}")))["status"]!);
    }

    [Fact]
    public async Task The_same_key_of_two_customers_is_two_orders()
    {
        using var ada = _ordering.As("ada-2");
        using var eve = _ordering.As("eve-2");
        var (body, key) = (OrderingApp.Order(_ordering.Shelf.Add()), Guid.NewGuid().ToString());

        var ids = new[] { await IdAsync(await _ordering.PostAsync(body, key, ada)), await IdAsync(await _ordering.PostAsync(body.DeepClone(), key, eve)) };

        Assert.Equal(2, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("GET", "")]
    [InlineData("GET", "/019b76e2-1a40-7355-a2ea-12f0895434b4")]
    [InlineData("POST", "/019b76e2-1a40-7355-a2ea-12f0895434b4/cancel")]
    [InlineData("GET", "/019b76e2-1a40-7355-a2ea-12f0895434b4/watch")]
    [InlineData("GET", "/../events")]
    public async Task Every_route_demands_its_scope(string method, string path)
    {
        using var nobody = new HttpClient { BaseAddress = _ordering.Address };
        using var stranger = _ordering.As("tester", scope: "catalog.write");

        using var first = new HttpRequestMessage(new HttpMethod(method), OrderingApp.Orders + path);
        using var unauthorized = await nobody.SendAsync(first);
        await IsProblemAsync(unauthorized, HttpStatusCode.Unauthorized);
        using var second = new HttpRequestMessage(new HttpMethod(method), OrderingApp.Orders + path);
        using var forbidden = await stranger.SendAsync(second);
        await IsProblemAsync(forbidden, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_without_a_subject_owns_nothing()
    {
        using var somebody = _ordering.As("");

        using var response = await somebody.GetAsync(OrderingApp.Orders);

        await IsProblemAsync(response, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Orders_are_listed_page_by_page_the_newest_first()
    {
        using var customer = _ordering.As("collector");
        var ids = new List<Guid>();
        for (var order = 0; order < 5; order++)
        {
            ids.Add(await _ordering.PlaceAsync(100 + order, client: customer));
        }

        var first = await JsonAsync(await customer.GetAsync($"{OrderingApp.Orders}?page=1&pageSize=2"));
        var last = await JsonAsync(await customer.GetAsync($"{OrderingApp.Orders}?page=3&pageSize=2"));

        Assert.Equal((5, 1, 2), ((int)first["total"]!, (int)first["page"]!, (int)first["pageSize"]!));
        Assert.Equal([ids[4], ids[3]], first["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
        Assert.Equal([ids[0]], last["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
        Assert.Equal(("Submitted", 104), ((string)first["items"]![0]!["status"]!, (int)first["items"]![0]!["total"]!["amount"]!));
        using var wrong = await customer.GetAsync($"{OrderingApp.Orders}?page=0&pageSize=1000");
        await IsProblemAsync(wrong, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_first_message_leaves_when_the_answer_does_not_when_the_outbox_is_looked_at()
    {
        await using var ordering = await servers.StartOrderingAsync(("Messaging:PollInterval", "00:10:00"));
        await using var others = await Others.StartAsync(ordering);

        var id = await ordering.PlaceAsync();

        await others.HearsAsync<ReserveStock>(id);
    }

    // Each holds a connection meanwhile; a hundred would be all that the server has.
    [Fact]
    public async Task Customers_who_wait_for_prices_hold_up_nobody_else()
    {
        await using var ordering = await servers.StartOrderingAsync(("Http:Clients:catalog:AttemptTimeout", "00:00:30"), ("Http:Clients:catalog:Timeout", "00:00:30"));
        await using var others = await Others.StartAsync(ordering);
        var before = await ordering.PlaceAsync();
        var slow = new TaskCompletionSource();
        ordering.Shelf.Instead = async _ =>
        {
            await slow.Task;
            return false;
        };
        var product = ordering.Shelf.Add();
        var waiting = Enumerable.Range(0, 120).Select(_ => ordering.PostAsync(OrderingApp.Order(product))).ToArray();
        await Eventually.TrueAsync(() => ordering.Shelf.Asked > 10, "Nobody asked for prices");

        await others.SayAsync(SagaTests.Reserved(before));
        await ordering.BecomesAsync(before, "StockReserved");
        Assert.InRange((long)(await ordering.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))!, 1, 60);

        slow.SetResult();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
    }

    [Fact]
    public async Task While_the_database_is_away_customers_are_told_to_come_back()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var ordering = new OrderingApp(postgres, await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync(), await Shelf.StartAsync(), []);
        await ordering.BecomesReadyAsync();
        var body = OrderingApp.Order(ordering.Shelf.Add());
        var key = Guid.NewGuid().ToString();
        await postgres.KillAsync();

        using var placed = await ordering.PostAsync(body, key);
        await IsProblemAsync(placed, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(placed.Headers.RetryAfter);
        using var listed = await ordering.Customer.GetAsync(OrderingApp.Orders);
        await IsProblemAsync(listed, HttpStatusCode.ServiceUnavailable);

        await postgres.RestartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await ordering.PostAsync(body.DeepClone(), key);
                return again.StatusCode == HttpStatusCode.Accepted;
            },
            "The order was not taken when the database was back");
    }

    private static async Task<Guid> IdAsync(HttpResponseMessage response) => (Guid)(await JsonAsync(response))["id"]!;

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<JsonNode> IsProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {body}");
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(32, ((string)problem["traceId"]!).Length);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        return problem;
    }
}
