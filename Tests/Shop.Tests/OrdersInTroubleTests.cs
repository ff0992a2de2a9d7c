using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>Orders while something that they lean on is gone, and many at once for too few pieces.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OrdersInTroubleTests(OrdersInTroubleTests.RunningShop running) : IClassFixture<OrdersInTroubleTests.RunningShop>
{
    private const string Orders = "/api/ordering/orders";
    private const double Patience = 90;

    private readonly KillableShop _shop = running.Shop;
    private readonly HttpClient _customer = running.Customer;

    [Fact]
    public async Task Of_200_orders_at_once_for_the_last_10_pieces_10_are_completed()
    {
        var (product, available) = await ProductAsync();
        Assert.Equal("Completed", await EndAsync(await PlaceAsync(product, available - 10)));

        var placed = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => PlaceAsync(product, 1)));
        var ends = await Task.WhenAll(placed.Select(EndAsync));

        Assert.Equal(10, ends.Count(end => end == "Completed"));
        Assert.Equal(190, ends.Count(end => end == "Rejected"));
        Assert.Equal(0L, await _shop.QueryAsync<long>("inventorydb", $"SELECT on_hand FROM stock WHERE product_id = '{product}'"));
    }

    [Fact]
    public async Task The_same_key_50_times_at_once_is_one_order()
    {
        var (product, _) = await ProductAsync();
        var key = Guid.NewGuid();
        var before = await CountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PlaceAsync(product, 1, key)));

        Assert.Single(answers.Distinct());
        Assert.Equal("Completed", await EndAsync(answers[0]));
        Assert.Equal(before + 1, await CountAsync());
    }

    [Fact]
    public async Task Without_Redis_browsing_and_ordering_go_on()
    {
        await _shop.KillAsync("cache-process");

        var (product, _) = await ProductAsync();

        Assert.Equal("Completed", await EndAsync(await PlaceAsync(product, 1)));
        await _shop.StartAsync("cache-process");
    }

    [Fact]
    public async Task Without_the_catalogue_customers_are_told_to_come_back_and_orders_under_way_are_completed()
    {
        var (product, _) = await ProductAsync();

        // Its payment stays open for a while.
        var underWay = await PlaceAsync(product, 1, paymentToken: "tok_pending");
        var before = await CountAsync();
        await _shop.KillAsync("catalog");

        using var refused = await PostAsync(product, 1, Guid.NewGuid());
        await Answers.ProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("Completed", await EndAsync(underWay));
        Assert.Equal(before, await CountAsync());

        await _shop.StartAsync("catalog");
        await _shop.HealthyAsync("catalog");
        await Eventually.TrueAsync(async () =>
        {
            using var accepted = await PostAsync(product, 1, Guid.NewGuid());
            return accepted.StatusCode == HttpStatusCode.Accepted;
        }, "No order was accepted again", Patience);
    }

    private Task<long> CountAsync() => _shop.QueryAsync<long>("orderingdb", "SELECT count(*) FROM orders");

    private async Task<(string Product, int Available)> ProductAsync()
    {
        var page = await Answers.JsonAsync(await _customer.GetAsync("/api/catalog/products?pageSize=20"));
        var product = page["items"]!.AsArray().First(item => (int?)item!["available"] > 20)!;
        return ((string)product["id"]!, (int)product["available"]!);
    }

    private async Task<string> PlaceAsync(string product, int quantity, Guid? key = null, string paymentToken = "tok_visa")
    {
        using var answer = await PostAsync(product, quantity, key ?? Guid.NewGuid(), paymentToken);
        return (string)(await Answers.JsonAsync(answer, HttpStatusCode.Accepted))["id"]!;
    }

    private async Task<HttpResponseMessage> PostAsync(string product, int quantity, Guid key, string paymentToken = "tok_visa")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Orders);
        request.Headers.Authorization = running.Token;
        request.Headers.Add("Idempotency-Key", key.ToString());
        request.Content = JsonContent.Create(new JsonObject
        {
            ["lines"] = new JsonArray(new JsonObject { ["productId"] = product, ["quantity"] = quantity }),
            ["shippingAddress"] = new JsonObject
            {
                ["name"] = "Ada Example",
                ["street"] = "1 Example Street",
                ["postalCode"] = "10115",
                ["city"] = "Berlin",
                ["country"] = "DE",
            },
            ["paymentToken"] = paymentToken,
        });
        return await _customer.SendAsync(request);
    }

    private async Task<string> EndAsync(string order)
    {
        var status = "";
        await Eventually.TrueAsync(
            async () =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{Orders}/{order}") { Headers = { Authorization = running.Token } };
                using var answer = await _customer.SendAsync(request);
                status = (string)(await Answers.JsonAsync(answer))["status"]!;
                return status is "Completed" or "Rejected" or "Cancelled";
            },
            $"The order {order} did not come to its end",
            Patience);
        return status;
    }

    /// <summary>The shop of these tests, which leave it as they found it.</summary>
    public sealed class RunningShop : IAsyncLifetime
    {
        internal KillableShop Shop { get; private set; } = null!;

        internal HttpClient Customer { get; private set; } = null!;

        internal AuthenticationHeaderValue Token { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Shop = await KillableShop.StartAsync();
            try
            {
                await Shop.StockIsKnownAsync();
                Customer = new HttpClient { BaseAddress = Shop.Gateway };
                Token = await DemoTokens.GetAsync(Customer, "orders");
            }
            catch
            {
                await Shop.DisposeAsync();
                throw;
            }
        }

        public async Task DisposeAsync()
        {
            Customer.Dispose();
            await Shop.DisposeAsync();
        }
    }
}
