using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Trellis.ServiceDefaults.Tests;

/// <summary>What no HTTP client would send: bytes on a socket.</summary>
public sealed class RawRequestTests
{
    private const string Head = "POST /items HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003\r\n\r\n")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("GET /health HTTP/9.9\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nno colon\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("POST /items HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nnot hexadecimal\r\n")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("GET /" + LongPath + " HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task What_is_no_request_gets_a_4xx_or_no_answer_and_the_service_goes_on(string bytes)
    {
        await using var service = await StartAsync();

        var answer = await SendAsync(service, bytes.Replace(LongPath, new string('a', 20_000), StringComparison.Ordinal));

        Assert.Matches("^(HTTP/1.1 4[0-9]{2} |HTTP/1.1 505 |$)", answer);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.Equal("1", await GoodAsync(service));
    }

    [Fact]
    public async Task A_request_is_not_smuggled_in_behind_two_lengths()
    {
        await using var service = await StartAsync();

        var answer = await SendAsync(
            service, "POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.InRange(answer.Split("HTTP/1.1 ").Length - 1, 1, 1);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_no_failure_of_the_service()
    {
        await using var service = await ServiceProcess.StartAsync();
        using (var client = await ConnectAsync(service.Http.BaseAddress!.Port))
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head.Replace("/items", "/echo", StringComparison.Ordinal) + "Content-Length: 100\r\n\r\n{\"name\":"));
        }

        await Eventually.TrueAsync(
            async () => (await service.Http.GetStringAsync("/metrics")).Contains("http_route=\"/echo\"", StringComparison.Ordinal), "The request was not counted");
        Assert.DoesNotContain("http_response_status_code=\"5", await service.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.DoesNotContain(service.Lines, line => line.Contains("\"level\":\"Error\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n")]
    [InlineData("Content-Length: 100\r\n\r\n{\"name\":\"")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\n")]
    public async Task A_body_that_does_not_come_is_cut_off_within_the_limit(string start)
    {
        await using var service = await StartAsync(new() { ["Requests:Timeout"] = "00:00:01" });

        var clock = Stopwatch.StartNew();
        var answer = await SendAsync(service, Head + start);

        Assert.Matches("^HTTP/1.1 (408|504) ", answer);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
        Assert.Equal("1", await GoodAsync(service));
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_off_within_the_limit()
    {
        await using var service = await StartAsync(new() { ["Requests:Timeout"] = "00:00:02" });
        using var client = await ConnectAsync(new Uri(service.App.Urls.First()).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head + "Content-Length: 100000\r\n\r\n{\"name\":\""));

        await Assert.ThrowsAnyAsync<IOException>(() => DripAsync(stream)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("1", await GoodAsync(service));
    }

    [Fact]
    public async Task Headers_that_drip_are_cut_off_within_the_limit()
    {
        await using var service = await StartAsync(new() { ["Requests:HeadersTimeout"] = "00:00:01" });
        using var client = await ConnectAsync(new Uri(service.App.Urls.First()).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8.ToArray());

        await Assert.ThrowsAnyAsync<IOException>(() => DripAsync(stream)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("1", await GoodAsync(service));
    }

    private const string LongPath = "LONG";

    private static Task<TestService> StartAsync(Dictionary<string, string?>? settings = null) =>
        TestService.StartAsync(app => app.MapPost("/items", (Dictionary<string, string> body) => body.Count), settings: settings);

    // Writes a byte at a time, as fast as one who wants to hold the connection for as long as possible has to, until the other side has closed it.
    private static async Task DripAsync(NetworkStream stream)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await pace.WaitForNextTickAsync())
        {
            await stream.WriteAsync("x"u8.ToArray());
        }
    }

    private static async Task<string> GoodAsync(TestService service)
    {
        using var response = await service.Http.PostAsync("/items", new StringContent("{\"name\":\"good\"}", Encoding.UTF8, "application/json"));
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    private static async Task<string> SendAsync(TestService service, string bytes)
    {
        using var client = await ConnectAsync(new Uri(service.App.Urls.First()).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            // The service did not read all of it and closed: the answer may be lost with that.
            return "";
        }
    }
}
