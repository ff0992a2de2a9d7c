using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Shop.Identity.Tests;

[Collection(IdentityCollection.Name)]
public sealed class TokenTests(IdentityServers servers)
{
    private readonly IdentityApp _identity = servers.Shared;

    [Fact]
    public async Task The_right_secret_gets_a_token_for_the_audiences_of_its_scopes()
    {
        var token = await _identity.TokenAsync(scope: "inventory.read orders");

        var checkedToken = await _identity.CheckAsync(token);
        Assert.True(checkedToken.IsValid, checkedToken.Exception?.Message);
        var claims = new JsonWebToken(token);
        Assert.Equal("RS256", claims.Alg);
        Assert.Equal("ordering", claims.Subject);
        Assert.Equal("inventory.read orders", claims.GetClaim("scope").Value);
        Assert.Equal(["inventory", "ordering"], claims.Audiences.Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromMinutes(30), claims.ValidTo - claims.IssuedAt);
    }

    [Fact]
    public async Task A_token_is_for_no_other_service()
    {
        Assert.False((await _identity.CheckAsync(await _identity.TokenAsync(scope: "inventory.read"), audience: "catalog")).IsValid);
    }

    [Fact]
    public async Task The_secret_may_come_as_basic_authentication()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, IdentityApp.TokenPath) { Content = IdentityApp.Form(null, null, "orders") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("ordering:the+secret+of+ordering")));

        using var response = await _identity.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("ordering", "not the secret of ordering")]
    [InlineData("ordering", "")]
    [InlineData("nobody", IdentityApp.Secret)]
    public async Task A_wrong_secret_gets_none(string client, string secret)
    {
        using var response = await _identity.AskAsync(client, secret);

        await IdentityApp.RefusedAsync(response, secret.Length == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.Unauthorized, secret.Length == 0 ? "invalid_request" : "invalid_client");
    }

    [Theory]
    [InlineData("catalog.write", "invalid_request")]
    [InlineData("inventory.read catalog.write", "invalid_request")]
    [InlineData("everything", "invalid_scope")]
    [InlineData("openid", "invalid_scope")]
    [InlineData("offline_access", "invalid_request")]
    [InlineData(null, "invalid_scope")]
    public async Task A_client_gets_no_scope_that_is_not_its_own(string? scope, string error)
    {
        using var response = await _identity.AskAsync(scope: scope);

        await IdentityApp.RefusedAsync(response, HttpStatusCode.BadRequest, error);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("refresh_token")]
    [InlineData("authorization_code")]
    [InlineData("")]
    public async Task Other_grants_are_not_offered(string grant)
    {
        using var form = new FormUrlEncodedContent([new("grant_type", grant), new("client_id", IdentityApp.Client), new("client_secret", IdentityApp.Secret)]);

        using var response = await _identity.Http.PostAsync(IdentityApp.TokenPath, form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded", "%%%=&&&")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nbroken")]
    public async Task What_is_no_request_is_refused_without_internals(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await _identity.Http.PostAsync(IdentityApp.TokenPath, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_some_wrong_secrets_a_client_has_to_wait_and_the_others_do_not()
    {
        await using var identity = await servers.StartAsync();
        HttpResponseMessage? refused = null;
        for (var guess = 0; guess < 30 && refused is null; guess++)
        {
            var response = await identity.AskAsync(secret: $"guess number {guess}");
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                refused = response;
                continue;
            }

            await IdentityApp.RefusedAsync(response, HttpStatusCode.Unauthorized, "invalid_client");
            response.Dispose();
        }

        Assert.NotNull(refused);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        refused.Dispose();
        Assert.NotEmpty(await identity.TokenAsync("demo-bob", "known-to-everybody", "orders"));
    }

    [Fact]
    public async Task Discovery_names_what_the_caller_can_reach_and_always_the_same_issuer()
    {
        var inside = JsonNode.Parse(await _identity.Http.GetStringAsync(IdentityApp.Discovery))!;
        using var request = new HttpRequestMessage(HttpMethod.Get, IdentityApp.Discovery);
        request.Headers.Add("X-Forwarded-Host", "evil.test");
        using var response = await _identity.Http.SendAsync(request);
        var outside = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(IdentityApp.Issuer, (string)inside["issuer"]!);
        Assert.Equal($"http://localhost{IdentityApp.JsonWebKeys}", (string)inside["jwks_uri"]!);
        Assert.Equal(IdentityApp.Issuer, (string)outside["issuer"]!);
        Assert.Equal($"https://shop.test{IdentityApp.JsonWebKeys}", (string)outside["jwks_uri"]!);
        Assert.Equal($"https://shop.test{IdentityApp.TokenPath}", (string)outside["token_endpoint"]!);
    }
}
