using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Tests;

public sealed class CorrelationTests
{
    private const string Header = "X-Correlation-ID";

    [Fact]
    public async Task The_callers_id_is_in_the_answer_and_goes_on_over_all_services()
    {
        await using var last = await TestService.StartAsync(app => app.MapGet("/seen", (HttpContext context) => context.Request.Headers[Header].ToString()));
        await using var middle = await CallerOfAsync(last);
        await using var first = await CallerOfAsync(middle);

        using var response = await GetAsync(first, "order-17/a:b");

        Assert.Equal("order-17/a:b", await response.Content.ReadAsStringAsync());
        Assert.Equal(["order-17/a:b"], response.Headers.GetValues(Header));
    }

    [Fact]
    public async Task Without_an_id_it_is_the_trace_that_goes_on()
    {
        await using var last = await TestService.StartAsync(app => app.MapGet(
            "/seen", (HttpContext context) => $"{context.Request.Headers[Header]} {Activity.Current!.TraceId.ToHexString()}"));
        await using var first = await CallerOfAsync(last);

        using var response = await first.Http.GetAsync("/seen");

        Assert.Matches("^([0-9a-f]{32}) \\1$", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains(Header));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("\"quoted\"")]
    [InlineData("{{template}}")]
    [InlineData("")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task An_id_that_is_not_well_formed_is_passed_over(string id)
    {
        await using var last = await TestService.StartAsync(app => app.MapGet("/seen", (HttpContext context) => context.Request.Headers[Header].ToString()));
        await using var first = await CallerOfAsync(last);

        using var response = await GetAsync(first, id);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Matches("^[0-9a-f]{32}$", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains(Header));
    }

    [Theory]
    [InlineData("a%0d%0aX-Admin:%20yes")]
    [InlineData("two%20words")]
    public async Task Nor_does_baggage_bring_such_an_id_or_other_headers_into_calls_to_others(string id)
    {
        await using var last = await TestService.StartAsync(app => app.MapGet(
            "/seen", (HttpContext context) => $"{context.Request.Headers[Header]}|{context.Request.Headers["X-Admin"]}"));
        await using var first = await CallerOfAsync(last);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/seen");
        request.Headers.TryAddWithoutValidation("baggage", $"correlation.id={id}");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await first.Http.SendAsync(request);

        Assert.Matches("^[0-9a-f]{32}\\|$", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_error_has_it_too()
    {
        await using var service = await TestService.StartAsync(app => app.MapGet("/seen", string () => throw new InvalidOperationException("no")));

        using var response = await GetAsync(service, "order-17");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(["order-17"], response.Headers.GetValues(Header));
    }

    [Fact]
    public async Task Log_lines_have_it()
    {
        await using var service = await ServiceProcess.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/log");
        request.Headers.Add(Header, "order-17");
        await service.Http.SendAsync(request);
        await Eventually.TrueAsync(() => service.Lines.Any(line => line.Contains("Sample.Orders", StringComparison.Ordinal)), "The line");

        var line = service.Lines.Single(line => line.Contains("Sample.Orders", StringComparison.Ordinal));
        Assert.Equal("order-17", JsonDocument.Parse(line).RootElement.GetProperty("scope").GetProperty("correlation.id").GetString());
    }

    [Theory]
    [InlineData("http://inventory/token", "Bearer callers")]
    [InlineData("http://other/token", "")]
    public async Task The_callers_token_is_handed_on_to_the_hosts_it_is_meant_for_and_no_others(string url, string expected)
    {
        await using var inventory = await TestService.StartAsync(
            app => app.MapGet("/token", (HttpContext context) => context.Request.Headers.Authorization.ToString()).AllowAnonymous());
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/calls", (string client, IHttpClientFactory clients) => clients.CreateClient(client).GetStringAsync(url)).AllowAnonymous(),
            builder => builder.Services.AddHttpClient("trusted").AddCallerToken("inventory"),
            new() { ["services:inventory:http:0"] = inventory.App.Urls.First(), ["services:other:http:0"] = inventory.App.Urls.First() });

        Assert.Equal(expected, await CallAsync("trusted"));
        Assert.Equal("", await CallAsync("plain"));

        async Task<string> CallAsync(string client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/calls?client={client}");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer callers");
            using var response = await service.Http.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task The_callers_token_does_not_follow_a_redirection()
    {
        var tokens = new List<string>();
        await using var other = await TestService.StartAsync(app => app.MapGet("/token", (HttpContext context) => tokens.Add($"other {context.Request.Headers.Authorization}")));
        await using var inventory = await TestService.StartAsync(app => app.MapGet("/token", (HttpContext context) =>
        {
            tokens.Add($"inventory {context.Request.Headers.Authorization}");
            return Results.Redirect($"{other.App.Urls.First()}/token");
        }));
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/calls", (IHttpClientFactory clients) => clients.CreateClient("trusted").GetStringAsync("http://inventory/token")).AllowAnonymous(),
            builder => builder.Services.AddHttpClient("trusted").AddCallerToken("inventory"),
            new() { ["services:inventory:http:0"] = inventory.App.Urls.First() });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calls");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer callers");

        using var response = await service.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["inventory Bearer callers", "other "], tokens);
    }

    [Fact]
    public async Task The_callers_trace_goes_on_over_all_services()
    {
        await using var last = await TestService.StartAsync(app => app.MapGet("/seen", (HttpContext context) => context.Request.Headers.TraceParent.ToString()));
        await using var first = await CallerOfAsync(last);

        // By a socket: the HTTP client of this process would send a trace of its own.
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(first.App.Urls.First()).Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            "GET /seen HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);

        Assert.Matches("00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01", await reader.ReadToEndAsync());
    }

    private static Task<TestService> CallerOfAsync(TestService next) => TestService.StartAsync(
        app => app.MapGet("/seen", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync("http://next/seen")),
        settings: new() { ["services:next:http:0"] = next.App.Urls.First() });

    private static async Task<HttpResponseMessage> GetAsync(TestService service, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/seen");
        request.Headers.TryAddWithoutValidation(Header, id);
        return await service.Http.SendAsync(request);
    }
}
