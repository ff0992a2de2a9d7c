using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Tests;

public sealed class AuthenticationTests
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "catalog";
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    public static TheoryData<string> RefusedTokens =>
        ["garbage", "unsigned", "other key", "expired", "not yet valid", "no expiry", "other issuer", "other audience", "tampered"];

    [Theory]
    [InlineData("scope", "catalog.write")]
    [InlineData("scope", "openid catalog.write profile")]
    [InlineData("scp", "catalog.write")]
    [InlineData("scp", "catalog.read catalog.write")]
    public async Task Admits_a_token_with_the_scope(string claim, string scopes)
    {
        await using var service = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, Mint(claims: new() { [claim] = scopes }))).StatusCode);
    }

    [Fact]
    public async Task Admits_a_token_with_the_scope_in_a_list()
    {
        await using var service = await StartAsync();

        using var response = await GetAsync(service, Mint(claims: new() { ["scope"] = new[] { "catalog.read", "catalog.write" } }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("catalog.read")]
    [InlineData("catalog.writer")]
    [InlineData("CATALOG.WRITE")]
    [InlineData("")]
    public async Task Forbids_a_token_without_the_scope(string scopes)
    {
        await using var service = await StartAsync();

        using var response = await GetAsync(service, Mint(claims: new() { ["scope"] = scopes }));

        await TestService.ReadProblemAsync(response, 403);
    }

    [Theory]
    [MemberData(nameof(RefusedTokens))]
    public async Task Refuses_a_token_that_is(string kind)
    {
        await using var service = await StartAsync();
        var token = kind switch
        {
            "garbage" => "not.a.token",
            "unsigned" => Unsigned(),
            "other key" => Mint(key: RandomNumberGenerator.GetBytes(32)),
            "expired" => Mint(from: -20, to: -10),
            "not yet valid" => Mint(from: 10, to: 20),
            "no expiry" => Mint(to: null),
            "other issuer" => Mint(issuer: "https://somebody.example"),
            "other audience" => Mint(audience: "ordering"),
            "tampered" => Tampered(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

        using var response = await GetAsync(service, token);

        await TestService.ReadProblemAsync(response, 401);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Refuses_a_caller_without_a_token()
    {
        await using var service = await StartAsync();

        using var response = await service.Http.GetAsync("/guarded");

        await TestService.ReadProblemAsync(response, 401);
    }

    [Fact]
    public async Task A_caller_without_a_token_is_told_to_bring_one()
    {
        await using var service = await StartAsync();

        using var response = await service.Http.GetAsync("/guarded");

        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).ToString());
    }

    [Fact]
    public async Task A_service_may_take_tokens_from_elsewhere_than_the_header()
    {
        await using var service = await TestService.StartAsync(
            MapGuarded,
            builder => builder.Services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer => bearer.Events = new JwtBearerEvents
            {
                OnMessageReceived = message =>
                {
                    message.Token = message.Request.Query["token"];
                    return Task.CompletedTask;
                },
            }),
            Settings());

        Assert.Equal("inside", await service.Http.GetStringAsync($"/guarded?token={Mint(claims: new() { ["scope"] = "catalog.write" })}"));
    }

    [Fact]
    public async Task In_development_without_an_authority_and_a_key_it_starts_and_refuses_every_token()
    {
        await using var service = await TestService.StartAsync(MapGuarded, settings: Nothing(), environment: "Development");

        foreach (var token in new[] { Mint(), Unsigned() })
        {
            using var response = await GetAsync(service, token);
            await TestService.ReadProblemAsync(response, 401);
        }
    }

    [Fact]
    public async Task In_development_without_a_configured_audience_it_refuses_every_token()
    {
        var settings = Settings();
        settings["Authentication:Schemes:Bearer:ValidAudiences:0"] = null;
        await using var service = await TestService.StartAsync(MapGuarded, settings: settings, environment: "Development");

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(service, Mint())).StatusCode);
    }

    [Fact]
    public async Task Outside_development_a_service_that_asks_for_tokens_does_not_start_without_authority_and_audience()
    {
        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(MapGuarded, settings: Nothing()));
        await using var open = await TestService.StartAsync(app => app.MapGet("/items", () => "items").AllowAnonymous(), settings: Nothing());

        Assert.Equal(2, failure.Failures.Count);
        Assert.Contains("Authentication__Schemes__Bearer__Authority is missing", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Authentication__Schemes__Bearer__ValidAudiences__0 is missing", failure.Message, StringComparison.Ordinal);
        Assert.Equal("items", await open.Http.GetStringAsync("/items"));
    }

    [Theory]
    [InlineData("Authority", "http://issuer.example")]
    [InlineData("Authority", "issuer.example")]
    [InlineData("MetadataAddress", "http://issuer.example/.well-known/openid-configuration")]
    public async Task An_authority_that_anybody_could_play_is_refused(string setting, string authority)
    {
        var settings = Settings();
        settings[$"Authentication:Schemes:Bearer:{setting}"] = authority;

        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(MapGuarded, settings: settings));

        Assert.Contains($"Authentication__Schemes__Bearer__{setting} is '{authority}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_policy_answers_nobody_and_is_named()
    {
        await using var service = await TestService.StartAsync(
            app =>
            {
                app.MapGet("/forgotten", () => "secret");
                app.MapGet("/open", () => "open").AllowAnonymous();
                MapGuarded(app);
            },
            settings: Settings(),
            denyByDefault: true);

        await service.GetProblemAsync("/forgotten", 401);
        using (var withToken = await GetAsync(service, Mint(), "/forgotten"))
        {
            await TestService.ReadProblemAsync(withToken, 403);
        }

        await service.GetProblemAsync("/nothing", 404);
        using (var otherMethod = await service.Http.PostAsync("/open", null))
        {
            await TestService.ReadProblemAsync(otherMethod, 405);
        }

        Assert.Equal("open", await service.Http.GetStringAsync("/open"));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/ready")).StatusCode);
        Assert.Equal(["HTTP: GET /forgotten"], service.App.Services.EndpointsWithoutPolicy());
    }

    [Fact]
    public async Task Keeps_the_names_of_the_claims()
    {
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/whoami", (System.Security.Claims.ClaimsPrincipal user) => user.FindFirst("sub")?.Value),
            settings: Settings());

        using var response = await GetAsync(service, Mint(claims: new() { ["sub"] = "alice" }), "/whoami");

        Assert.Equal("alice", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Makes_no_data_protection_keys_at_start()
    {
        await using var service = await StartAsync();

        Assert.DoesNotContain(
            service.App.Services.GetServices<IHostedService>(),
            hosted => hosted.GetType().FullName!.Contains("DataProtection", StringComparison.Ordinal));
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(MapGuarded, settings: Settings());

    private static void MapGuarded(WebApplication app) => app.MapGet("/guarded", () => "inside").RequireScope("catalog.write");

    private static Dictionary<string, string?> Settings() => new()
    {
        ["Authentication:Schemes:Bearer:ValidIssuer"] = Issuer,
        ["Authentication:Schemes:Bearer:ValidAudiences:0"] = Audience,
        ["Authentication:Schemes:Bearer:SigningKeys:0:Issuer"] = Issuer,
        ["Authentication:Schemes:Bearer:SigningKeys:0:Value"] = Convert.ToBase64String(Key),
    };

    // Takes away what the tests' service has otherwise.
    private static Dictionary<string, string?> Nothing() =>
        Settings().Keys.ToDictionary(key => key, _ => (string?)null, StringComparer.Ordinal);

    private static async Task<HttpResponseMessage> GetAsync(TestService service, string token, string path = "/guarded")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await service.Http.SendAsync(request);
    }

    private static string Mint(
        byte[]? key = null,
        string issuer = Issuer,
        string audience = Audience,
        int from = -1,
        int? to = 10,
        Dictionary<string, object>? claims = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = now.AddMinutes(from),
            Expires = to is { } minutes ? now.AddMinutes(minutes) : null,
            Claims = claims ?? new() { ["scope"] = "catalog.write" },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key ?? Key), SecurityAlgorithms.HmacSha256),
        });
    }

    private static string Unsigned()
    {
        var parts = Mint().Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
    }

    private static string Tampered()
    {
        var parts = Mint(claims: new() { ["scope"] = "catalog.read" }).Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("catalog.read", "catalog.write", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
    }
}
