using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Shop.Tests;

/// <summary>Tokens from Identity, through the gateway, for services that check them by themselves.</summary>
[Collection(ShopApplicationCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class IdentityTests(ShopApplication shop)
{
    private const string Products = "/api/catalog/products";

    [Theory]
    [InlineData("catalog.write", HttpStatusCode.OK)]
    [InlineData("orders catalog.write", HttpStatusCode.OK)]
    // For the catalog, but not to write.
    [InlineData("operations.read", HttpStatusCode.Forbidden)]
    // For another service.
    [InlineData("orders", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task A_product_is_replaced_with_a_token_that_is_for_it(string? scope, HttpStatusCode expected)
    {
        var name = $"Lamp {Guid.NewGuid():N}";
        using var added = await shop.Editor.PostAsJsonAsync(Products, Answers.Lamp(name));
        var path = added.Headers.Location!;
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(Answers.Lamp("Changed " + name)) };
        request.Headers.Authorization = scope is null ? null : await DemoTokens.GetAsync(shop.Gateway, scope);

        using var response = await shop.Gateway.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        using var found = await shop.Gateway.GetAsync(path);
        Assert.Equal(expected == HttpStatusCode.OK, (string)(await Answers.JsonAsync(found))["name"]! != name);
    }

    [Fact]
    public async Task The_issuer_is_where_the_world_finds_it()
    {
        var issuer = new JsonWebToken((await DemoTokens.GetAsync(shop.Gateway, "orders")).Parameter).Issuer;
        using var client = new HttpClient();

        var discovery = JsonNode.Parse(await client.GetStringAsync($"{issuer}/.well-known/openid-configuration"))!;

        Assert.Equal(issuer, (string)discovery["issuer"]!);
        var keys = JsonNode.Parse(await client.GetStringAsync((string)discovery["jwks_uri"]!))!;
        Assert.NotEmpty(keys["keys"]!.AsArray());
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        using var answer = await client.PostAsync((string)discovery["token_endpoint"]!, form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_through_the_gateway_too()
    {
        using var form = new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"), new("client_id", DemoTokens.Alice), new("client_secret", "wrong"), new("scope", "orders")]);

        using var response = await shop.Gateway.PostAsync("/identity/connect/token", form);

        Assert.Equal("invalid_client", (string)(await Answers.JsonAsync(response, HttpStatusCode.Unauthorized))["error"]!);
    }
}
