using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class ValidationTests(CatalogServers servers)
{
    private readonly CatalogApp _catalog = servers.Shared;

    [Fact]
    public async Task An_empty_body_is_told_every_field_that_is_missing()
    {
        using var response = await _catalog.PostTextAsync("{}");

        Assert.Equal(["brand", "category", "description", "name", "price"], await FieldsAsync(response));
    }

    [Fact]
    public async Task Faults_of_several_fields_are_named_at_once_also_inside_the_price()
    {
        var product = CatalogApp.Lamp(new string('x', 201), -1);
        product["brand"] = "   ";
        product["price"]!["currency"] = "euro";

        using var response = await _catalog.Editor.PostAsJsonAsync(CatalogApp.Products, product);

        Assert.Equal(["brand", "name", "price.amount", "price.currency"], await FieldsAsync(response));
    }

    [Theory]
    [InlineData("name", "\"\"", "name")]
    [InlineData("name", "null", "name")]
    [InlineData("name", "\"nul \\u0000\"", "name")]
    [InlineData("description", "\"bell \\u0007\"", "description")]
    [InlineData("category", "\"Office Chairs\"", "category")]
    [InlineData("category", "\"-desks\"", "category")]
    [InlineData("category", "\"desks\\n\"", "category")]
    [InlineData("price", "null", "price")]
    [InlineData("price", "{}", "price.amount price.currency")]
    [InlineData("price", "{\"amount\":100000000001,\"currency\":\"EUR\"}", "price.amount")]
    [InlineData("price", "{\"amount\":1,\"currency\":\"eur\"}", "price.currency")]
    [InlineData("price", "{\"amount\":1,\"currency\":\"EUR\\n\"}", "price.currency")]
    public async Task A_fault_is_named_when_adding_and_when_replacing(string field, string value, string expected)
    {
        var product = CatalogApp.Lamp();
        product[field] = JsonNode.Parse(value);

        using var added = await _catalog.PostTextAsync(product.ToJsonString());
        Assert.Equal(expected.Split(' '), await FieldsAsync(added));
        using var replaced = await _catalog.PutAsync($"{CatalogApp.Products}/{Guid.NewGuid()}", product);
        Assert.Equal(expected.Split(' '), await FieldsAsync(replaced));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"name\": 5}")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("{\"price\": {\"amount\": 12.5, \"currency\": \"EUR\"}}")]
    [InlineData("{\"price\": {\"amount\": \"12\", \"currency\": \"EUR\"}}")]
    [InlineData("{\"price\": {\"amount\": 99999999999999999999, \"currency\": \"EUR\"}}")]
    [InlineData("{\"price\": 12}")]
    public async Task A_body_that_cannot_be_read_is_400(string body)
    {
        using var response = await _catalog.PostTextAsync(body);

        await CatalogApp.ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_nested_without_end_is_400()
    {
        using var response = await _catalog.PostTextAsync(string.Concat(Enumerable.Repeat("{\"price\":", 5000)));

        await CatalogApp.ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_415()
    {
        using var response = await _catalog.PostTextAsync("name=Lamp", "application/x-www-form-urlencoded");

        await CatalogApp.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("nonsense")]
    [InlineData("\"utf-7\"")]
    public async Task A_body_in_a_charset_that_nobody_can_read_is_415(string charset)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CatalogApp.Products) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var response = await _catalog.Editor.SendAsync(request);

        await CatalogApp.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Longest_values_are_accepted_and_come_back_whole()
    {
        await using var catalog = await servers.StartCatalogAsync();
        var product = CatalogApp.Lamp(new string('ж', 200), 100_000_000_000);
        product["description"] = new string('椅', 4000);

        var (path, _) = await catalog.AddAsync(product);

        var found = (await catalog.Anonymous.GetFromJsonAsync<JsonObject>(path))!;
        found.Remove("id");
        found.Remove("available");
        Assert.True(JsonNode.DeepEquals(product, found));
    }

    private static async Task<string[]> FieldsAsync(HttpResponseMessage response)
    {
        var problem = await CatalogApp.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.All(problem["errors"]!.AsObject(), error => Assert.NotEmpty(error.Value!.AsArray()));
        return [.. problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal)];
    }
}
