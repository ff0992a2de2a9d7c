using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Errors;


namespace Trellis.ServiceDefaults.Tests;

public sealed class HttpClientTests
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Http:Defaults:RetryDelay"] = "00:00:00.01" };

    /// <summary>Where nobody listens: the port of a listener that has gone.</summary>
    private static readonly string Closed = ClosedAddress();

    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/where", () => "found"));
        await using var service = await CallerOfAsync(catalog);

        Assert.Equal("found", await Client(service).GetStringAsync("http://catalog/where"));
        Assert.Equal("found", await Client(service).GetStringAsync("https+http://catalog/where"));
    }

    [Fact]
    public async Task A_safe_request_that_failed_is_repeated()
    {
        var calls = 0;
        await using var catalog = await FailingOnceAsync(() => Interlocked.Increment(ref calls));
        await using var service = await CallerOfAsync(catalog);

        using var response = await Client(service).GetAsync("http://catalog/items");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("HEAD", false, 2)]
    [InlineData("PUT", false, 2)]
    [InlineData("DELETE", false, 2)]
    [InlineData("POST", false, 1)]
    [InlineData("PATCH", false, 1)]
    [InlineData("POST", true, 2)]
    [InlineData("PATCH", true, 2)]
    public async Task Only_what_may_be_done_twice_is_repeated(string method, bool hasIdempotencyKey, int expectedCalls)
    {
        var calls = 0;
        await using var catalog = await FailingOnceAsync(() => Interlocked.Increment(ref calls));
        await using var service = await CallerOfAsync(catalog);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://catalog/items");
        if (hasIdempotencyKey)
        {
            request.Headers.Add("Idempotency-Key", "7d9c");
        }

        using var response = await Client(service).SendAsync(request);

        Assert.Equal(expectedCalls, calls);
        Assert.Equal(expectedCalls == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task What_was_never_sent_is_repeated_whatever_it_is()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapPost("/items", () => "taken"));
        await using var service = await TestService.StartAsync(
            settings: new(Fast) { ["services:catalog:http:0"] = Closed, ["services:catalog:http:1"] = catalog.App.Urls.First() });

        // Discovery takes the addresses in turn, and one of them refuses every connection.
        for (var call = 0; call < 4; call++)
        {
            using var response = await Client(service).PostAsync("http://catalog/items", content: null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_callers_mistake_is_not_repeated()
    {
        var calls = 0;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () =>
        {
            calls++;
            return Results.StatusCode(404);
        }));
        await using var service = await CallerOfAsync(catalog);

        using var response = await Client(service).GetAsync("http://catalog/items");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("1", 2)]
    [InlineData("3600", 1)]
    public async Task A_destination_says_when_to_come_again(string retryAfter, int expectedCalls)
    {
        var arrivals = new List<long>();
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", (HttpContext context) =>
        {
            arrivals.Add(TimeProvider.System.GetTimestamp());
            context.Response.Headers.RetryAfter = retryAfter;
            return arrivals.Count == 1 ? Results.StatusCode(429) : Results.Ok();
        }));
        await using var service = await CallerOfAsync(catalog);

        using var response = await Client(service).GetAsync("http://catalog/items");

        Assert.Equal(expectedCalls, arrivals.Count);
        Assert.Equal(expectedCalls == 2 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, response.StatusCode);
        if (expectedCalls == 2)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(arrivals[0], arrivals[1]) >= TimeSpan.FromSeconds(0.95), "It did not wait.");
        }
    }

    [Fact]
    public async Task A_destination_that_hangs_is_given_up_and_asked_again()
    {
        var calls = 0;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", async (CancellationToken gone) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await Task.Delay(Timeout.Infinite, gone);
            }

            return "there";
        }));
        await using var service = await CallerOfAsync(catalog, ("Http:Defaults:AttemptTimeout", "00:00:00.5"));

        Assert.Equal("there", await Client(service).GetStringAsync("http://catalog/items"));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_call_ends_with_its_time_whatever_is_left_of_its_repetitions()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone)));
        await using var service = await CallerOfAsync(
            catalog, ("Http:Defaults:Timeout", "00:00:01"), ("Http:Defaults:AttemptTimeout", "00:00:20"), ("Http:Defaults:Retries", "10"));

        var failure = await Assert.ThrowsAsync<DependencyUnavailableException>(() => Client(service).GetAsync("http://catalog/items"));

        Assert.Contains("http://catalog did not answer within 00:00:01", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_given_up()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }));
        await using var service = await CallerOfAsync(
            catalog, ("Http:Defaults:Timeout", "00:00:00.5"), ("Http:Defaults:AttemptTimeout", "00:00:00.5"));

        await Assert.ThrowsAsync<TaskCanceledException>(() => Client(service).GetStringAsync("http://catalog/items"));
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_no_answer()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", async (HttpContext context) =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        }));
        await using var service = await CallerOfAsync(catalog);

        await Assert.ThrowsAsync<HttpRequestException>(() => Client(service).GetStringAsync("http://catalog/items"));
    }

    [Fact]
    public async Task A_destination_that_fails_is_left_alone_and_others_are_not()
    {
        var calls = 0;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () =>
        {
            calls++;
            return Results.StatusCode(500);
        }));
        await using var inventory = await TestService.StartAsync(app => app.MapGet("/items", () => "there"));
        await using var service = await CallerOfAsync(
            catalog,
            ("services:inventory:http:0", inventory.App.Urls.First()),
            ("Http:Defaults:Retries", "0"), ("Http:Defaults:BreakerMinimumAttempts", "4"), ("Http:Defaults:BreakerPause", "00:01:00"));
        for (var call = 0; call < 4; call++)
        {
            using var response = await Client(service).GetAsync("http://catalog/items");
        }

        var failure = await Assert.ThrowsAsync<DependencyUnavailableException>(() => Client(service).GetAsync("http://catalog/items"));

        Assert.Equal(4, calls);
        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Equal("there", await Client(service).GetStringAsync("http://inventory/items"));
        using var probe = new HttpRequestMessage(HttpMethod.Get, "/ready") { Headers = { Authorization = new("Bearer", TestTokens.Mint("operations.read")) } };
        using var readiness = await service.Http.SendAsync(probe);
        Assert.Equal(HttpStatusCode.OK, readiness.StatusCode);
        var states = (await readiness.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("breakers");
        Assert.Equal(("Open", "Closed"), (states.GetProperty("http://catalog").GetString(), states.GetProperty("http://inventory").GetString()));
        Assert.DoesNotContain("catalog", await service.Http.GetStringAsync("/ready"), StringComparison.Ordinal);
        var metrics = await service.Http.GetStringAsync("/metrics");
        Assert.Matches("trellis_http_client_breaker_state\\{[^}]*server_address=\"http://catalog\"[^}]*\\} 2", metrics);
        Assert.Matches("trellis_http_client_breaker_state\\{[^}]*server_address=\"http://inventory\"[^}]*\\} 0", metrics);
    }

    [Fact]
    public async Task A_destination_that_is_back_is_called_again()
    {
        var isDown = true;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () => isDown ? Results.StatusCode(503) : Results.Ok()));
        await using var service = await CallerOfAsync(
            catalog, ("Http:Defaults:Retries", "0"), ("Http:Defaults:BreakerMinimumAttempts", "2"), ("Http:Defaults:BreakerPause", "00:00:00.5"));
        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => Client(service).GetAsync("http://catalog/items")) is DependencyUnavailableException, "The breaker stayed closed");

        isDown = false;

        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => Client(service).GetAsync("http://catalog/items")) is null, "The breaker stayed open");
    }

    [Fact]
    public async Task Only_so_many_calls_are_under_way_and_only_so_many_wait()
    {
        var (current, most) = (0, 0);
        var release = new TaskCompletionSource();
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref current));
            await release.Task;
            Interlocked.Decrement(ref current);
        }));
        await using var service = await CallerOfAsync(catalog, ("Http:Defaults:MaxConcurrentCalls", "2"), ("Http:Defaults:MaxWaitingCalls", "3"));

        var calls = Enumerable.Range(0, 10).Select(_ => Record.ExceptionAsync(() => Client(service).GetAsync("http://catalog/items"))).ToList();
        await Eventually.TrueAsync(() => calls.Count(call => call.IsCompleted) == 5, "Not all that were too many had been refused");
        release.SetResult();
        var failures = (await Task.WhenAll(calls)).OfType<Exception>().ToList();

        Assert.Equal(5, failures.Count);
        Assert.All(failures, failure => Assert.Contains("Too many calls to http://catalog", Assert.IsType<DependencyUnavailableException>(failure).Message, StringComparison.Ordinal));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task A_client_has_settings_of_its_own_and_those_of_all_for_the_rest()
    {
        var calls = 0;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () =>
        {
            calls++;
            return Results.StatusCode(503);
        }));
        await using var service = await CallerOfAsync(catalog, ("Http:Defaults:Retries", "1"), ("Http:Clients:patient:Retries", "4"));

        Assert.Equal(2, await CallsAsync("other"));
        Assert.Equal(5, await CallsAsync("patient"));

        async Task<int> CallsAsync(string client)
        {
            var before = calls;
            using var response = await service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client).GetAsync("http://catalog/items");
            return calls - before;
        }
    }

    [Fact]
    public async Task A_wrong_setting_of_a_client_is_named_when_the_service_starts()
    {
        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(
            settings: new() { ["Http:Clients:catalog:Retries"] = "many", ["Http:Clients:catalog:Timeout"] = "-1", ["Http:Defaults:MaxConcurrentCalls"] = "0" }));

        Assert.Contains("Http__Clients__catalog__Retries is 'many'; it must be a number.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Http__Clients__catalog__Timeout is '-1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Http__Defaults__MaxConcurrentCalls is '0'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https+http")]
    public async Task A_name_that_is_not_configured_is_looked_up_in_DNS(string scheme)
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/where", () => "found"));
        await using var service = await TestService.StartAsync();

        Assert.Equal("found", await Client(service).GetStringAsync($"{scheme}://localhost:{new Uri(catalog.App.Urls.First()).Port}/where"));
    }

    [Theory]
    [InlineData("/refused", null)]
    [InlineData("/unknown", null)]
    [InlineData("/down", null)]
    [InlineData("/hangs", null)]
    [InlineData("/endless", null)]
    [InlineData("/broken", "00:00:40")]
    public async Task A_dependency_that_is_away_is_a_503_that_says_when_to_come_again(string path, string? pause)
    {
        await using var catalog = await TestService.StartAsync(app =>
        {
            app.MapGet("/down", () => Results.StatusCode(500));
            app.MapGet("/broken", () => Results.StatusCode(500));
            app.MapGet("/hangs", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone));
            app.MapGet("/endless", async (HttpContext context) =>
            {
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
        });
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/{**path}", (string path, IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(
                path switch { "refused" => Closed, "unknown" => "http://no-such-host.invalid/", _ => $"http://catalog/{path}" })),
            settings: new(Fast)
            {
                ["services:catalog:http:0"] = catalog.App.Urls.First(),
                ["Http:Defaults:Timeout"] = "00:00:00.5",
                ["Http:Defaults:AttemptTimeout"] = "00:00:00.5",
                ["Http:Defaults:BreakerPause"] = pause ?? "00:00:00.5",
                ["Http:Defaults:BreakerMinimumAttempts"] = pause is null ? "1000" : "2",
            });
        for (var earlier = 0; earlier < (pause is null ? 0 : 2); earlier++)
        {
            await service.GetProblemAsync(path, 503);
        }

        using var response = await service.Http.GetAsync(path);

        var problem = await TestService.ReadProblemAsync(response, 503);
        Assert.False(problem.TryGetProperty("detail", out _));
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, pause is null ? 1 : 30, pause is null ? 1 : 40);
    }

    [Fact]
    public async Task A_mistake_of_this_service_in_a_call_stays_a_500()
    {
        await using var catalog = await TestService.StartAsync();
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/calls", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync("http://catalog/no-such-path")),
            settings: new() { ["services:catalog:http:0"] = catalog.App.Urls.First() });

        await service.GetProblemAsync("/calls", 500);
    }

    private static Task<TestService> FailingOnceAsync(Func<int> count) => TestService.StartAsync(app => app.Map("/items", () =>
        count() == 1 ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Ok()));

    private static Task<TestService> CallerOfAsync(TestService catalog, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Fast) { ["services:catalog:http:0"] = catalog.App.Urls.First() };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return TestService.StartAsync(settings: all);
    }

    private static string ClosedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }

    private static HttpClient Client(TestService service) => service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
}
