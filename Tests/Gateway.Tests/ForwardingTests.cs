using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Trellis.Gateway.Tests;

public sealed class ForwardingTests : IAsyncLifetime
{
    private Backend _catalog = null!;
    private GatewayProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _catalog = await Backend.StartAsync();
        _gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [_catalog.Address] });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _catalog.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/catalog/products?search=desk%20lamp&page=2")]
    [InlineData("/api/catalog")]
    [InlineData("/api/catalog/products/caf%C3%A9%20noir")]
    public async Task Forwards_path_and_query_unchanged(string target)
    {
        using var response = await _gateway.Http.GetAsync(target);

        Assert.Equal(target, (await response.SeenAsync()).Target);
        Assert.Empty(response.Headers.Server);
    }

    [Fact]
    public async Task Forwards_method_and_body_without_holding_it_in_memory()
    {
        const int size = 20_000_000;
        using var response = await _gateway.Http.PutAsync("/api/catalog/products/1", new ByteArrayContent(new byte[size]));

        var seen = await response.SeenAsync();
        Assert.Equal("PUT", seen.Method);
        Assert.Equal(size, seen.BodyLength);
    }

    [Fact]
    public async Task Forwards_an_answer_unchanged_even_when_it_is_an_error()
    {
        using var response = await _gateway.Http.GetAsync("/api/catalog/missing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("""{"title":"No such product"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Forwards_a_web_socket()
    {
        using var socket = new ClientWebSocket();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_gateway.Http.BaseAddress!.Port}/api/catalog/echo"), deadline.Token);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, deadline.Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Fact]
    public async Task Says_where_a_request_came_from_and_believes_nothing_the_caller_says_about_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/catalog/products");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "bank.example");
        request.Headers.Add("X-Forwarded-Prefix", "/admin");
        request.Headers.Add("Forwarded", "for=203.0.113.7");

        using var response = await _gateway.Http.SendAsync(request);

        var headers = (await response.SeenAsync()).Headers;
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal(_gateway.Http.BaseAddress!.Authority, headers["X-Forwarded-Host"]);
        Assert.DoesNotContain("Forwarded", headers);
        Assert.DoesNotContain("/admin", headers.Values);
    }

    [Fact]
    public async Task Continues_the_callers_trace()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/catalog/products");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await _gateway.Http.SendAsync(request);

        var parent = (await response.SeenAsync()).Headers["traceparent"];
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", parent, StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", parent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/unknown")]
    [InlineData("/api/unknown/products")]
    [InlineData("/api")]
    [InlineData("/catalog/products")]
    [InlineData("/api/catalogue")]
    public async Task An_unknown_service_is_a_problem(string path)
    {
        using var response = await _gateway.Http.GetAsync(path);

        await response.ProblemAsync(404);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/catalog/../../health")]
    [InlineData("/api/catalog/%2e%2e/%2e%2e/metrics")]
    [InlineData("//health")]
    public async Task Nobody_outside_reaches_the_probes_and_documents_of_the_gateway_or_of_a_service(string path)
    {
        Assert.StartsWith("HTTP/1.1 404", await RawGetAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/catalog/..%2F..%2Fhealth")]
    [InlineData("/api/catalog/..%5C..%5Chealth")]
    public async Task A_hidden_step_upwards_stays_hidden_and_inside_the_services_own_path(string path)
    {
        var answer = await RawGetAsync(path);

        Assert.Contains("\"target\":\"/api/catalog/..%", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_management_port_serves_the_gateways_own_probes_and_no_service()
    {
        foreach (var path in new[] { "/health", "/ready", "/metrics" })
        {
            Assert.Equal(HttpStatusCode.OK, (await _gateway.Http.GetAsync(new Uri(_gateway.Management, path))).StatusCode);
        }

        using var response = await _gateway.Http.GetAsync(new Uri(_gateway.Management, "/api/catalog/products"));
        await response.ProblemAsync(404);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_is_a_problem()
    {
        await using var impatient = await GatewayProcess.StartAsync(
            new() { ["catalog"] = [_catalog.Address] },
            new() { ["Gateway__ActivityTimeout"] = "00:00:00.300" });

        using var response = await impatient.Http.GetAsync("/api/catalog/hang");

        var problem = await response.ProblemAsync(504);
        Assert.Contains("catalog", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    // HttpClient tidies paths up before it sends them; an attacker does not.
    private async Task<string> RawGetAsync(string target)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _gateway.Http.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
