using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Ordering.Tests;

/// <summary>The whole service in this process, on a real server and a port that the system chose.</summary>
public sealed class OrderingApp : WebApplicationFactory<Program>
{
    public const string Orders = "/api/ordering/orders";

    private readonly (string Key, string Value)[] _settings;
    private readonly Lazy<HttpClient> _customer;
    private readonly bool _ownsShelf;

    public OrderingApp(PostgresServer postgres, string database, string broker, Shelf shelf, (string Key, string Value)[] settings, bool ownsShelf = true)
    {
        (Postgres, Database, Broker, Shelf, _settings, _ownsShelf) = (postgres, database, broker, shelf, settings, ownsShelf);
        _customer = new Lazy<HttpClient>(() => As("tester"));
        UseKestrel();
    }

    public PostgresServer Postgres { get; }

    public string Database { get; }

    public string Broker { get; }

    public Shelf Shelf { get; }

    public Uri Address
    {
        get
        {
            StartServer();
            return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        }
    }

    /// <summary>A client with a token of the customer <c>tester</c>.</summary>
    public HttpClient Customer => _customer.Value;

    /// <summary>A client with a token of a customer; without a scope it may not order.</summary>
    public HttpClient As(string subject, string scope = "orders")
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Mint(scope, subject: subject));
        return client;
    }

    /// <summary>Another replica on the same databases.</summary>
    public async Task<OrderingApp> ReplicateAsync()
    {
        var replica = new OrderingApp(Postgres, Database, Broker, Shelf, _settings, ownsShelf: false);
        await replica.BecomesReadyAsync();
        return replica;
    }

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            using var http = new HttpClient();
            using var response = await http.GetAsync(new Uri(Address, "/ready"));
            return response.StatusCode == HttpStatusCode.OK;
        },
        "Ordering was not ready",
        seconds: 60);

    /// <summary>A body that orders a product.</summary>
    public static JsonObject Order(Guid productId, int quantity = 1, long? seen = null, string token = "tok_fine") => new()
    {
        ["lines"] = new JsonArray(Line(productId, quantity, seen)),
        ["shippingAddress"] = new JsonObject
        {
            ["name"] = "Ada Lovelace",
            ["street"] = "St James's Square 12",
            ["postalCode"] = "SW1Y 4JH",
            ["city"] = "London",
            ["country"] = "GB",
        },
        ["paymentToken"] = token,
    };

    public static JsonObject Line(Guid productId, int quantity = 1, long? seen = null)
    {
        var line = new JsonObject { ["productId"] = productId, ["quantity"] = quantity };
        if (seen is not null)
        {
            line["unitPrice"] = new JsonObject { ["amount"] = seen, ["currency"] = "EUR" };
        }

        return line;
    }

    /// <summary>Sends an order.</summary>
    public async Task<HttpResponseMessage> PostAsync(JsonNode body, string? key = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Orders) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        return await (client ?? Customer).SendAsync(request);
    }

    /// <summary>Places an order of a new product.</summary>
    public async Task<Guid> PlaceAsync(long price = 1_000, int quantity = 1, HttpClient? client = null)
    {
        using var response = await PostAsync(Order(Shelf.Add(price), quantity), client: client);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {body}");
        return (Guid)JsonNode.Parse(body)!["id"]!;
    }

    public async Task<JsonNode> GetAsync(Guid id) => JsonNode.Parse(await Customer.GetStringAsync($"{Orders}/{id}"))!;

    public async Task<string[]> TimelineAsync(Guid id) => [.. (await GetAsync(id))["timeline"]!.AsArray().Select(change => (string)change!["status"]!)];

    /// <summary>Waits until an order has a status.</summary>
    public async Task BecomesAsync(Guid id, string status)
    {
        var last = "";
        await Eventually.TrueAsync(
            async () => (last = string.Join(", ", await TimelineAsync(id))).Split(", ")[^1] == status, $"The order did not become {status}; it was {last}");
    }

    public Task<HttpResponseMessage> CancelAsync(Guid id, HttpClient? client = null) => (client ?? Customer).PostAsync($"{Orders}/{id}/cancel", content: null);

    /// <summary>Runs one statement on the database and returns its first value.</summary>
    public Task<object?> SqlAsync(string sql) => Postgres.ExecuteAsync(Database, sql);

    public override async ValueTask DisposeAsync()
    {
        if (_customer.IsValueCreated)
        {
            _customer.Value.Dispose();
        }

        await base.DisposeAsync();
        if (_ownsShelf)
        {
            await Shelf.DisposeAsync();
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls("http://127.0.0.1:0");
        builder.UseSetting("ConnectionStrings:orderingdb", Postgres.ConnectionString(Database));
        builder.UseSetting("ConnectionStrings:broker", Postgres.ConnectionString(Broker));
        builder.UseSetting("services:catalog:http:0", Shelf.Address);
        builder.UseSetting("Messaging:PollInterval", "00:00:00.200");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in TestTokens.Settings)
        {
            builder.UseSetting(key, value);
        }

        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
