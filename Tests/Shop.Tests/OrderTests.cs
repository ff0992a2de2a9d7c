using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>Orders as customers place them: through the gateway, with tokens of Identity, prices of the catalogue and pieces of the inventory.</summary>
[Collection(ShopApplicationCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OrderTests(ShopApplication shop)
{
    private const string Orders = "/api/ordering/orders";

    private static readonly string[] Services = ["ordering", "inventory", "payments", "fulfilment"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_order_of_what_is_sold_out_is_watched_until_it_is_rejected()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);
        var product = await ProductAsync(available => available == 0);
        var id = await PlaceAsync(alice, product);
        using var watch = new ClientWebSocket();
        watch.Options.SetRequestHeader("Authorization", alice.DefaultRequestHeaders.Authorization!.ToString());
        var address = new UriBuilder(shop.Gateway.BaseAddress!) { Scheme = "ws", Path = $"{Orders}/{id}/watch" }.Uri;
        await watch.ConnectAsync(address, CancellationToken.None).WaitAsync(Patience);

        var statuses = new List<string>();
        var buffer = new byte[4096];
        for (var frame = await watch.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience);
             frame.MessageType != WebSocketMessageType.Close;
             frame = await watch.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience))
        {
            statuses.Add((string)JsonNode.Parse(buffer.AsSpan(0, frame.Count))!["status"]!);
        }

        Assert.Equal("Rejected", statuses[^1]);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, watch.CloseStatus);
        var order = await Answers.JsonAsync(await alice.GetAsync($"{Orders}/{id}"));
        Assert.Equal(["Submitted", "Rejected"], order["timeline"]!.AsArray().Select(change => (string)change!["status"]!));
        Assert.Contains(product, (string)order["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inventory_holds_what_was_ordered()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);
        var product = await ProductAsync(available => available > 10);
        var before = await AvailableAsync(product);

        var id = await PlaceAsync(alice, product, quantity: 3);

        await Eventually.TrueAsync(
            async () => (await Answers.JsonAsync(await alice.GetAsync($"{Orders}/{id}")))["timeline"]!.AsArray().Any(change => (string)change!["status"]! == "StockReserved"),
            "The pieces were not held",
            Patience.TotalSeconds);
        await Eventually.TrueAsync(async () => await AvailableAsync(product) == before - 3, "The catalogue does not show what is left", Patience.TotalSeconds);
    }

    [Fact]
    public async Task An_order_goes_all_the_way_in_one_trace()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);
        var product = await ProductAsync(available => available > 10);

        var id = await PlaceAsync(alice, product);

        Assert.Equal(["Submitted", "StockReserved", "Paid", "Shipped", "Completed"], await EndAsync(alice, id));
        var order = await Answers.JsonAsync(await alice.GetAsync($"{Orders}/{id}"));
        Assert.NotEmpty((string)order["trackingNumber"]!);
        await shop.Telemetry.WaitForTraceAsync(trace => trace.Roots is [{ Resource: "gateway" }]
            && Array.TrueForAll(Services, service => trace.Spans.Any(span => span.Resource == service && IsAbout(span, id))));
    }

    [Fact]
    public async Task An_order_whose_payment_is_declined_gives_the_pieces_back()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);

        var id = await PlaceAsync(alice, await ProductAsync(available => available > 10), paymentToken: "tok_declined");

        Assert.Equal(["Submitted", "StockReserved", "PaymentDeclined", "Cancelled"], await EndAsync(alice, id));
    }

    // Its payment stays open for a while, so there is time to change one's mind.
    [Fact]
    public async Task An_order_that_its_customer_cancels_is_undone()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);
        var id = await PlaceAsync(alice, await ProductAsync(available => available > 10), paymentToken: "tok_pending");

        using var cancelled = await alice.PostAsync($"{Orders}/{id}/cancel", content: null);

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.Equal(["Cancelling", "Cancelled"], (await EndAsync(alice, id))[^2..]);
    }

    [Fact]
    public async Task A_customer_sees_no_other_ones_order()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);
        using var bob = await CustomerAsync("demo-bob");
        var id = await PlaceAsync(bob, await ProductAsync(available => available > 10));

        await Answers.ProblemAsync(await alice.GetAsync($"{Orders}/{id}"), HttpStatusCode.NotFound);
        await Answers.JsonAsync(await bob.GetAsync($"{Orders}/{id}"));
        await Answers.ProblemAsync(await shop.Gateway.GetAsync($"{Orders}/{id}"), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_order_is_one_trace_from_the_gateway_through_the_inventory_and_back()
    {
        using var alice = await CustomerAsync(DemoTokens.Alice);
        var id = await PlaceAsync(alice, await ProductAsync(available => available == 0));

        await shop.Telemetry.WaitForTraceAsync(trace =>
            trace.Roots is [{ Resource: "gateway" }]
            && trace.Spans.Any(span => span.Resource == "catalog")
            && trace.Spans.Any(span => span.Resource == "inventory" && IsAbout(span, id))
            && trace.Spans.Any(span => span.Resource == "ordering" && IsAbout(span, id) && span.Name.StartsWith("process", StringComparison.Ordinal)));
    }

    private static bool IsAbout(Trellis.Hosting.Testing.TelemetrySpan span, string order) => span.Attributes.Text("messaging.message.conversation_id") == order;

    private async Task<HttpClient> CustomerAsync(string client)
    {
        var customer = new HttpClient { BaseAddress = shop.Gateway.BaseAddress };
        customer.DefaultRequestHeaders.Authorization = await DemoTokens.GetAsync(shop.Gateway, "orders", client);
        return customer;
    }

    private static async Task<string> PlaceAsync(HttpClient customer, string product, int quantity = 1, string paymentToken = "tok_visa")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Orders)
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = JsonContent.Create(new
            {
                lines = new[] { new { productId = product, quantity } },
                shippingAddress = new { name = "Ada Lovelace", street = "St James's Square 12", postalCode = "SW1Y 4JH", city = "London", country = "GB" },
                paymentToken,
            }),
        };
        using var response = await customer.SendAsync(request);
        var order = await Answers.JsonAsync(response, HttpStatusCode.Accepted);
        Assert.Equal($"{Orders}/{order["id"]}", response.Headers.Location!.OriginalString);
        return (string)order["id"]!;
    }

    /// <summary>Waits for the end of an order, and says which way it took.</summary>
    private static async Task<string[]> EndAsync(HttpClient customer, string id)
    {
        string[] timeline = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var order = await Answers.JsonAsync(await customer.GetAsync($"{Orders}/{id}"));
                timeline = [.. order["timeline"]!.AsArray().Select(change => (string)change!["status"]!)];
                return timeline[^1] is "Completed" or "Rejected" or "Cancelled";
            },
            "The order did not come to an end",
            Patience.TotalSeconds);
        return timeline;
    }

    // The inventory tells the catalogue some time after the first start.
    private async Task<string> ProductAsync(Func<long, bool> fits)
    {
        string? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await Answers.JsonAsync(await shop.Gateway.GetAsync("/api/catalog/products?pageSize=100"));
                var products = page["items"]!.AsArray().Where(product => product!["available"] is { } available && fits((long)available)).ToArray();
                found = products.Length > 0 ? (string)Random.Shared.GetItems(products, 1)[0]!["id"]! : null;
                return found is not null;
            },
            "There is no such product",
            Patience.TotalSeconds);
        return found!;
    }

    private async Task<long> AvailableAsync(string product) =>
        (long)(await Answers.JsonAsync(await shop.Gateway.GetAsync($"/api/catalog/products/{product}")))["available"]!;
}
