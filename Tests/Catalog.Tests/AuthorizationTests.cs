using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Trellis.Tests;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class AuthorizationTests(CatalogServers servers)
{
    private readonly CatalogApp _catalog = servers.Shared;

    [Fact]
    public async Task Reading_needs_no_token()
    {
        using var response = await _catalog.Anonymous.GetAsync(CatalogApp.Products);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        Assert.Empty(_catalog.Services.EndpointsWithoutPolicy());
    }

    [Fact]
    public async Task Without_a_token_nobody_writes()
    {
        await RefusesWritesAsync(_catalog.Anonymous, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("orders")]
    [InlineData("catalog.writer catalog")]
    [InlineData("CATALOG.WRITE")]
    public async Task A_token_without_the_scope_is_403(string? scope)
    {
        using var client = _catalog.With(TestTokens.Mint(scope));

        await RefusesWritesAsync(client, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_for_others_or_is_forged_is_401()
    {
        string[] tokens =
        [
            TestTokens.Mint("catalog.write", lifetime: TimeSpan.FromMinutes(-5)),
            TestTokens.Mint("catalog.write", audience: "elsewhere"),
            TestTokens.Mint("catalog.write", key: RandomNumberGenerator.GetBytes(32)),
            "not.a.token",
        ];

        foreach (var token in tokens)
        {
            using var client = _catalog.With(token);
            await RefusesWritesAsync(client, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_scope_among_others_is_enough()
    {
        await using var catalog = await servers.StartCatalogAsync();
        using var client = catalog.With(TestTokens.Mint("orders catalog.write"));

        using var response = await client.PostAsJsonAsync(CatalogApp.Products, CatalogApp.Lamp());

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task RefusesWritesAsync(HttpClient client, HttpStatusCode expected)
    {
        var one = $"{CatalogApp.Products}/{Guid.NewGuid()}";
        using var added = await client.PostAsJsonAsync(CatalogApp.Products, CatalogApp.Lamp());
        await CatalogApp.ProblemAsync(added, expected);
        using var replaced = await client.PutAsJsonAsync(one, CatalogApp.Lamp());
        await CatalogApp.ProblemAsync(replaced, expected);
        using var deleted = await client.DeleteAsync(one);
        await CatalogApp.ProblemAsync(deleted, expected);
    }
}
