using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Shop.Tests;

/// <summary>The public API as the world reaches it: through the gateway, with every service, database and cache real.</summary>
[Collection(ShopApplicationCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class GatewayTests(ShopApplication shop)
{
    private const string Products = "/api/catalog/products";

    [Fact]
    public async Task A_search_answers_from_the_database_page_by_page()
    {
        var all = await ListAsync("search=desk&pageSize=100");
        var total = (int)all["total"]!;
        Assert.True(total >= 2, $"{total} desks");
        Assert.Equal(Math.Min(total, 100), all["items"]!.AsArray().Count);

        var first = await ListAsync("search=desk&page=1&pageSize=1");
        var second = await ListAsync("search=desk&page=2&pageSize=1");

        Assert.Equal((total, 2, 1), ((int)second["total"]!, (int)second["page"]!, (int)second["pageSize"]!));
        Assert.Equal(
            all["items"]!.AsArray().Take(2).Select(item => (string)item!["id"]!),
            ((JsonNode[])[first, second]).Select(page => (string)Assert.Single(page["items"]!.AsArray())!["id"]!));
        Assert.Contains("desk", all["items"]![0]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.True((int)all["items"]![0]!["price"]!["amount"]! > 0);
    }

    [Fact]
    public async Task A_client_that_has_a_product_is_not_sent_it_again()
    {
        var id = (string)(await ListAsync("pageSize=1"))["items"]![0]!["id"]!;
        using var found = await shop.Gateway.GetAsync($"{Products}/{id}");
        Assert.Equal(id, (string)(await Answers.JsonAsync(found))["id"]!);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Products}/{id}");
        request.Headers.IfNoneMatch.Add(found.Headers.ETag!);
        using var again = await shop.Gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(found.Headers.ETag, again.Headers.ETag);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_product_that_is_added_is_found_at_once()
    {
        var name = $"Lamp {Guid.NewGuid():N}";
        Assert.Equal(0, (int)(await ListAsync($"search={Uri.EscapeDataString(name)}"))["total"]!);

        using var added = await shop.Editor.PostAsJsonAsync(Products, Answers.Lamp(name));

        var product = await Answers.JsonAsync(added, HttpStatusCode.Created);
        Assert.Equal((string)product["id"]!, (string)(await ListAsync($"search={Uri.EscapeDataString(name)}"))["items"]![0]!["id"]!);

        // Not the address of the service, which the client cannot reach.
        Assert.False(added.Headers.Location!.IsAbsoluteUri);
        using var found = await shop.Gateway.GetAsync(added.Headers.Location);
        Answers.SameProduct(product, await Answers.JsonAsync(found));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nothing")]
    [InlineData("/api/nothing")]
    [InlineData("/api/catalog/nothing")]
    [InlineData("/api/catalog/products/019b7805-0000-7000-8000-000000000000")]
    public async Task What_is_not_there_is_a_problem_with_the_trace_it_belongs_to(string path)
    {
        using var response = await shop.Gateway.GetAsync(path);

        await Answers.ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_writes_without_a_token()
    {
        using var added = await shop.Gateway.PostAsJsonAsync(Products, Answers.Lamp("Nobody's lamp"));
        await Answers.ProblemAsync(added, HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", Assert.Single(added.Headers.WwwAuthenticate).Scheme);

        using var forged = new HttpRequestMessage(HttpMethod.Post, Products) { Content = JsonContent.Create(Answers.Lamp("Forged lamp")) };
        forged.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "not.a.token");
        using var refused = await shop.Gateway.SendAsync(forged);
        await Answers.ProblemAsync(refused, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"name":"","brand":"b","category":"c","description":"d","price":{"amount":-1,"currency":"euro"}}""")]
    public async Task A_body_that_is_no_product_is_a_problem(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await shop.Editor.PostAsync(Products, content);

        await Answers.ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/catalog/health")]
    [InlineData("/api/catalog/health")]
    [InlineData("/api/catalog/ready")]
    [InlineData("/api/catalog/metrics")]
    [InlineData("/api/catalog/openapi/v1.json")]
    [InlineData("/api/catalog/../../metrics")]
    [InlineData("/api/catalog/%2e%2e/%2e%2e/metrics")]
    [InlineData("/api/catalog/..%2f..%2fmetrics")]
    public async Task The_world_does_not_reach_what_is_for_operators(string path)
    {
        // As it stands: HttpClient would resolve the dots before anything is sent.
        var address = new Uri($"{shop.Gateway.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        using var response = await shop.Gateway.GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/health", "live")]
    [InlineData("/ready", "\"status\":\"ready\"")]
    [InlineData("/metrics", "http_server_request_duration")]
    public async Task Operators_reach_it_at_the_gateways_management_endpoint(string path, string expected)
    {
        // So that there is something to count.
        await ListAsync("search=desk");

        using var response = await shop.Management.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_management_endpoint_forwards_nothing()
    {
        using var response = await shop.Management.GetAsync($"{Products}?search=desk");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<JsonNode> ListAsync(string query)
    {
        using var response = await shop.Gateway.GetAsync($"{Products}?{query}");
        return await Answers.JsonAsync(response);
    }
}
