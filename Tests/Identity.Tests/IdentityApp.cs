using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Trellis.Tests;

namespace Shop.Identity.Tests;

/// <summary>The whole service in this process, on a real database.</summary>
public sealed class IdentityApp(string database) : WebApplicationFactory<Program>
{
    public const string Issuer = "https://shop.test/identity";
    public const string TokenPath = "/identity/connect/token";
    public const string Discovery = "/identity/.well-known/openid-configuration";
    public const string JsonWebKeys = "/identity/.well-known/jwks";
    public const string Client = "ordering";
    public const string Secret = "the secret of ordering";

    public string Database { get; } = database;

    public ShiftedTime Time { get; } = new();

    public string Environment { get; init; } = "Development";

    /// <summary>What is different from <see cref="Settings"/>; null takes a setting away.</summary>
    public Dictionary<string, string?> Other { get; init; } = [];

    /// <summary>What a service with one client needs.</summary>
    public static Dictionary<string, string> Settings(string database) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:identitydb"] = database,
        ["Identity:Issuer"] = Issuer,
        ["Identity:KeySecret"] = "what the tests encrypt keys with",
        [$"Identity:Clients:{Client}:Secret"] = Secret,
        [$"Identity:Clients:{Client}:Scopes:0"] = "inventory.read",
        [$"Identity:Clients:{Client}:Scopes:1"] = "inventory.write",
        [$"Identity:Clients:{Client}:Scopes:2"] = "orders",
    };

    public HttpClient Http => field ??= CreateClient();

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            using var response = await Http.GetAsync("/ready");
            return response.StatusCode == HttpStatusCode.OK;
        },
        "Identity was not ready");

    public async Task<HttpResponseMessage> AskAsync(string? client = Client, string? secret = Secret, string? scope = "inventory.read")
    {
        using var form = Form(client, secret, scope);
        return await Http.PostAsync(TokenPath, form);
    }

    /// <summary>A token, which the service is asserted to give.</summary>
    public async Task<string> TokenAsync(string client = Client, string secret = Secret, string scope = "inventory.read")
    {
        using var response = await AskAsync(client, secret, scope);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {answer}");
        return (string)JsonNode.Parse(answer)!["access_token"]!;
    }

    /// <summary>The keys that the service publishes.</summary>
    public async Task<IList<SecurityKey>> KeysAsync() => new JsonWebKeySet(await Http.GetStringAsync(JsonWebKeys)).GetSigningKeys();

    /// <summary>Whether one who has this service's published keys believes the token.</summary>
    public async Task<TokenValidationResult> CheckAsync(string token, string audience = "inventory") =>
        await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = audience,
            IssuerSigningKeys = await KeysAsync(),
            ValidTypes = ["at+jwt"],
        });

    /// <summary>Asserts that the answer is a refusal as OAuth has it, without internals.</summary>
    public static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal(error, (string)JsonNode.Parse(body)!["error"]!);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
    }

    public static FormUrlEncodedContent Form(string? client, string? secret, string? scope) => new(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = secret,
            ["scope"] = scope,
        }.Where(field => field.Value is not null));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        foreach (var (key, value) in Settings(Database))
        {
            builder.UseSetting(key, value);
        }

        foreach (var (key, value) in Other)
        {
            builder.UseSetting(key, value);
        }

        builder.UseSetting("Health:DrainDelay", "0");
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Time));
    }
}
