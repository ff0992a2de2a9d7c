using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Tests;

public sealed class RequestTests
{
    [Fact]
    public async Task A_body_over_the_limit_is_413_whether_or_not_it_says_how_long_it_is()
    {
        await using var service = await TestService.StartAsync(
            app => app.MapPost("/items", (Dictionary<string, string> body) => body.Count), settings: new() { ["Requests:MaxBodyBytes"] = "1000" });

        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/items")
            {
                Content = new StringContent($$"""{"name":"{{new string('x', 2000)}}"}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = true;
            using var response = await service.Http.SendAsync(request);
            await TestService.ReadProblemAsync(response, 413);
        }
    }

    [Theory]
    [InlineData("Requests:MaxHeaderBytes", "1024", 1, 2000)]
    [InlineData("Requests:MaxHeaders", "20", 30, 1)]
    public async Task A_flood_of_headers_is_431(string setting, string value, int count, int length)
    {
        await using var service = await TestService.StartAsync(settings: new() { [setting] = value });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        for (var header = 0; header < count; header++)
        {
            request.Headers.Add($"X-Flood-{header}", new string('x', length));
        }

        using var response = await service.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Headers_that_do_not_come_to_an_end_are_cut_off()
    {
        await using var service = await TestService.StartAsync(settings: new() { ["Requests:HeadersTimeout"] = "00:00:00.500" });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(service.App.Urls.First()).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8.ToArray());

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_takes_too_long_is_504()
    {
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/hang", (CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken)),
            settings: new() { ["Requests:Timeout"] = "00:00:00.300" });

        await service.GetProblemAsync("/hang", 504);
    }

    [Fact]
    public async Task An_endpoint_may_say_itself_how_long_it_takes()
    {
        await using var service = await TestService.StartAsync(
            app =>
            {
                app.MapGet("/hang", Hang).WithRequestTimeout(TimeSpan.FromMilliseconds(300));
                app.MapGet("/endless", Briefly).DisableRequestTimeout();
                app.MapGet("/longer", (HttpContext context, CancellationToken cancellationToken) =>
                {
                    context.Features.GetRequiredFeature<IHttpRequestTimeoutFeature>().DisableTimeout();
                    return Briefly(cancellationToken);
                });
            },
            settings: new() { ["Requests:Timeout"] = "00:00:00.200" });

        await service.GetProblemAsync("/hang", 504);
        Assert.Equal("done", await service.Http.GetStringAsync("/endless"));
        Assert.Equal("done", await service.Http.GetStringAsync("/longer"));

        static async Task<string> Briefly(CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            return "done";
        }

        static Task Hang(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_work_that_is_done_for_him()
    {
        var (began, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await TestService.StartAsync(app => app.MapGet("/work", async (CancellationToken cancellationToken) =>
        {
            using var end = cancellationToken.Register(ended.SetResult);
            began.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));
        using var patience = new CancellationTokenSource();

        var call = service.Http.GetAsync("/work", patience.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await patience.CancelAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9")]
    [InlineData("127.0.0.0/8, 203.0.113.9", "198.51.100.7")]
    public async Task Only_known_proxies_say_where_a_request_came_from(string? known, string expected)
    {
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/who", (HttpContext context) => $"{context.Connection.RemoteIpAddress!.MapToIPv4()}"),
            settings: new() { ["Proxies:Known"] = known });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Add("X-Forwarded-For", "1.1.1.1, 198.51.100.7, 203.0.113.9");

        using var response = await service.Http.SendAsync(request);

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/items")]
    [InlineData("/throws")]
    [InlineData("/nothing")]
    public async Task Every_answer_tells_browsers_to_make_nothing_of_it(string path)
    {
        await using var service = await TestService.StartAsync(app =>
        {
            app.MapGet("/items", () => "items");
            app.MapGet("/throws", string () => throw new InvalidOperationException());
        });

        using var response = await service.Http.GetAsync(path);

        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["DENY"], response.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["default-src 'none'; frame-ancestors 'none'"], response.Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_service_that_serves_pages_keeps_its_own_policy()
    {
        await using var service = await TestService.StartAsync(app => app.MapGet("/page", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = "default-src 'self'";
            return "page";
        }));

        using var response = await service.Http.GetAsync("/page");

        Assert.Equal(["default-src 'self'"], response.Headers.GetValues("Content-Security-Policy"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answers_are_compressed_for_who_can_read_that(string encoding)
    {
        await using var service = await TestService.StartAsync(app => app.MapGet("/items", () => new { text = new string('x', 5000) }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/items");
        request.Headers.AcceptEncoding.ParseAdd(encoding);

        using var response = await service.Http.SendAsync(request);
        using var plain = await service.Http.GetAsync("/items");

        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 1, 500);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task An_endpoint_with_entity_tags_answers_304_to_who_has_its_answer()
    {
        var text = "one";
        await using var service = await TestService.StartAsync(app =>
        {
            app.MapGet("/items", () => new { text }).WithEntityTag();
            app.MapGet("/typed", () => TypedResults.Ok(new { text })).WithEntityTag();
            app.MapGet("/absent", () => TypedResults.NotFound(new { text })).WithEntityTag();
        });
        foreach (var path in new[] { "/items", "/typed" })
        {
            text = "one";
            using var first = await service.Http.GetAsync(path);
            var tag = first.Headers.ETag!;
            Assert.Equal("""{"text":"one"}""", await first.Content.ReadAsStringAsync());
            Assert.Equal("application/json", first.Content.Headers.ContentType?.MediaType);
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(path, tag.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(path, $"\"other\", W/{tag}"));
            text = "two";
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(path, tag.ToString()));
        }

        using var absent = await service.Http.GetAsync("/absent");
        Assert.Null(absent.Headers.ETag);

        async Task<HttpStatusCode> StatusAsync(string path, string ifNoneMatch)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
            using var response = await service.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_caller_who_asks_too_often_gets_429_and_others_and_probes_do_not()
    {
        await using var service = await TestService.StartAsync(
            app => app.MapPost("/items", (Dictionary<string, string> body) => body.Count),
            settings: new() { ["RateLimit:RequestsPerSecond"] = "1", ["RateLimit:Burst"] = "3" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(null)));
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        var other = await PostAsync(TestTokens.Mint("any"));

        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 3, 5);
        await TestService.ReadProblemAsync(refused, 429);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);

        async Task<HttpResponseMessage> PostAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/items") { Content = JsonContent.Create(new Dictionary<string, string>()) };
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            return await service.Http.SendAsync(request);
        }
    }
}
