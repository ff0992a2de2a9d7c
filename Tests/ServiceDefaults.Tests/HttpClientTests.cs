using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Trellis.ServiceDefaults.Errors;

namespace Trellis.ServiceDefaults.Tests;

public sealed class HttpClientTests
{
    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/where", () => "found"));
        await using var service = await CallingService.OfAsync(catalog);

        Assert.Equal("found", await CallingService.Client(service).GetStringAsync("http://catalog/where"));
        Assert.Equal("found", await CallingService.Client(service).GetStringAsync("https+http://catalog/where"));
    }

    [Fact]
    public async Task A_safe_request_that_failed_is_repeated()
    {
        var calls = 0;
        await using var catalog = await FailingOnceAsync(() => Interlocked.Increment(ref calls));
        await using var service = await CallingService.OfAsync(catalog);

        using var response = await CallingService.Client(service).GetAsync("http://catalog/items");

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
        await using var service = await CallingService.OfAsync(catalog);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://catalog/items");
        if (hasIdempotencyKey)
        {
            request.Headers.Add("Idempotency-Key", "7d9c");
        }

        using var response = await CallingService.Client(service).SendAsync(request);

        Assert.Equal(expectedCalls, calls);
        Assert.Equal(expectedCalls == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task What_was_never_sent_is_repeated_whatever_it_is()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapPost("/items", () => "taken"));
        await using var service = await TestService.StartAsync(
            settings: new(CallingService.Fast) { ["services:catalog:http:0"] = CallingService.ClosedAddress, ["services:catalog:http:1"] = catalog.App.Urls.First() });

        // Discovery takes the addresses in turn, and one of them refuses every connection.
        for (var call = 0; call < 4; call++)
        {
            using var response = await CallingService.Client(service).PostAsync("http://catalog/items", content: null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_body_that_cannot_be_read_again_is_sent_once(bool canBeReadAgain, int expectedCalls)
    {
        var bodies = new List<string>();
        await using var catalog = await TestService.StartAsync(app => app.MapPut("/items", async (HttpContext context) =>
        {
            bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            return Results.StatusCode(503);
        }));
        await using var service = await CallingService.OfAsync(catalog, ("Http:Defaults:Retries", "1"));
        using var stream = new MemoryStream("chair"u8.ToArray());
        using var body = new StreamContent(canBeReadAgain ? stream : PipeReader.Create(stream).AsStream());

        using var response = await CallingService.Client(service).PutAsync("http://catalog/items", body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(Enumerable.Repeat("chair", expectedCalls), bodies);
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
        await using var service = await CallingService.OfAsync(catalog);

        using var response = await CallingService.Client(service).GetAsync("http://catalog/items");

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
        await using var service = await CallingService.OfAsync(catalog);

        using var response = await CallingService.Client(service).GetAsync("http://catalog/items");

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
        await using var service = await CallingService.OfAsync(catalog, ("Http:Defaults:AttemptTimeout", "00:00:00.5"));

        Assert.Equal("there", await CallingService.Client(service).GetStringAsync("http://catalog/items"));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_call_ends_with_its_time_whatever_is_left_of_its_repetitions()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone)));
        await using var service = await CallingService.OfAsync(
            catalog, ("Http:Defaults:Timeout", "00:00:01"), ("Http:Defaults:AttemptTimeout", "00:00:20"), ("Http:Defaults:Retries", "10"));

        var failure = await Assert.ThrowsAsync<DependencyUnavailableException>(() => CallingService.Client(service).GetAsync("http://catalog/items"));

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
        await using var service = await CallingService.OfAsync(
            catalog, ("Http:Defaults:Timeout", "00:00:00.5"), ("Http:Defaults:AttemptTimeout", "00:00:00.5"));

        await Assert.ThrowsAsync<TaskCanceledException>(() => CallingService.Client(service).GetStringAsync("http://catalog/items"));
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
        await using var service = await CallingService.OfAsync(catalog);

        await Assert.ThrowsAsync<HttpRequestException>(() => CallingService.Client(service).GetStringAsync("http://catalog/items"));
    }


    private static Task<TestService> FailingOnceAsync(Func<int> count) => TestService.StartAsync(app => app.Map("/items", () =>
        count() == 1 ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Ok()));
}
