using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Tests;

/// <summary>Issues tokens (token 1, token 2, ...), and is also the service that they are for: it believes those that it has not revoked.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Clock _clock = new();
    private TestService? _server;

    /// <summary>What was asked of it, as forms.</summary>
    public List<Dictionary<string, string>> Requests { get; } = [];

    /// <summary>The Authorization headers that came with calls.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Tokens up to this number are not believed.</summary>
    public int Revoked { get; set; }

    /// <summary>What it answers instead of tokens.</summary>
    public int? Trouble { get; set; }

    public static async Task<TokenIssuer> StartAsync()
    {
        var issuer = new TokenIssuer();
        issuer._server = await TestService.StartAsync(app =>
        {
            app.MapPost("/token", issuer.Issue);
            app.MapMethods("/items", ["GET", "POST"], issuer.Answer);
        });
        return issuer;
    }

    /// <summary>A service with a client named items that has a token of the service's own, and routes that use it.</summary>
    public Task<TestService> CallerAsync(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(CallingService.Fast)
        {
            ["services:issuer:http:0"] = _server!.App.Urls.First(),
            ["ServiceToken:Endpoint"] = "http://issuer/token",
            ["ServiceToken:ClientId"] = "ordering",
            ["ServiceToken:ClientSecret"] = "its secret",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return TestService.StartAsync(
            app => app.MapGet("/calls", async (IHttpClientFactory clients) => await clients.CreateClient("items").GetStringAsync("http://issuer/items")),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_clock);
                builder.Services.AddHttpClient("items").AddServiceToken("items.write", "items.read");
            },
            all);
    }

    public static HttpClient Client(TestService caller) => caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("items");

    public void Later(TimeSpan time) => _clock.Ahead += time;

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task<IResult> Issue(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        lock (_lock)
        {
            Requests.Add(form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal));
            return Trouble is { } status
                ? Results.Json(new { error = "invalid_client", error_description = "No such secret." }, statusCode: status)
                : Results.Json(new { access_token = $"token-{Requests.Count}", token_type = "Bearer", expires_in = 1800 });
        }
    }

    private async Task<IResult> Answer(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        lock (_lock)
        {
            var authorization = request.Headers.Authorization.ToString();
            Calls.Add(authorization);
            return int.TryParse(authorization.Split('-')[^1], out var number) && number <= Revoked ? Results.Unauthorized() : Results.Text(authorization + body);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
