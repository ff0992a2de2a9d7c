using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Trellis.Tests;

namespace Shop.Catalog.Tests;

/// <summary>The whole service in this process, on the real servers it is given; without a broker of its own its messages go to its database.</summary>
public sealed class CatalogApp(string database, string redis, string? broker = null) : WebApplicationFactory<Program>
{
    public const string Products = "/api/catalog/products";

    public string Database { get; } = database;

    public string Redis { get; } = redis;

    public string Broker { get; } = broker ?? database;

    /// <summary>Calls without a token.</summary>
    public HttpClient Anonymous => field ??= CreateClient();

    /// <summary>Calls with a token that may write.</summary>
    public HttpClient Editor => field ??= With(TestTokens.Mint("catalog.write"));

    public HttpClient With(string token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            using var response = await Anonymous.GetAsync("/ready");
            return response.StatusCode == HttpStatusCode.OK;
        },
        "The catalogue was not ready");

    public async Task<JsonNode> ListAsync(string query)
    {
        using var response = await Anonymous.GetAsync($"{Products}?{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public async Task<string[]> NamesAsync(string query) =>
        [.. (await ListAsync(query))["items"]!.AsArray().Select(item => (string)item!["name"]!)];

    /// <summary>Adds a product; returns its path and its entity tag.</summary>
    public async Task<(string Path, EntityTagHeaderValue Tag)> AddAsync(JsonObject? product = null)
    {
        using var response = await Editor.PostAsJsonAsync(Products, product ?? Lamp());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (response.Headers.Location!.ToString(), response.Headers.ETag!);
    }

    public Task<HttpResponseMessage> PutAsync(string path, JsonObject product, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(product) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return Editor.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostTextAsync(string body, string contentType = "application/json") =>
        Editor.PostAsync(Products, new StringContent(body, Encoding.UTF8, contentType));

    /// <summary>A product as a client would send it.</summary>
    public static JsonObject Lamp(string name = "Test Lamp", long amount = 4990) => new()
    {
        ["name"] = name,
        ["brand"] = "Probe",
        ["category"] = "table-lamps",
        ["description"] = "A lamp that only tests switch on.",
        ["price"] = new JsonObject { ["amount"] = amount, ["currency"] = "EUR" },
    };

    /// <summary>Asserts that the answer is a problem with the status and a trace id, and returns it.</summary>
    public static async Task<JsonNode> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)problem["traceId"]));
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        return problem;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:catalogdb", Database);
        builder.UseSetting("ConnectionStrings:cache", Redis);
        builder.UseSetting("ConnectionStrings:broker", Broker);
        foreach (var (key, value) in TestTokens.Settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
