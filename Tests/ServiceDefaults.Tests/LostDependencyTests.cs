using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Tests;

public sealed class LostDependencyTests
{
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
                path switch { "refused" => CallingService.ClosedAddress, "unknown" => "http://no-such-host.invalid/", _ => $"http://catalog/{path}" })),
            settings: new(CallingService.Fast)
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_is_cut_off_while_it_is_read_is_a_503(bool isReset)
    {
        // A socket can say how its connection ends: with an end of what is sent, or with a reset.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var isBeingRead = new TaskCompletionSource();
        var catalog = AnswerAsync();
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/calls", async (IHttpClientFactory clients) =>
            {
                using var answer = await clients.CreateClient().GetAsync("http://catalog/items", HttpCompletionOption.ResponseHeadersRead);
                isBeingRead.SetResult();
                return await answer.Content.ReadFromJsonAsync<int[]>();
            }),
            settings: new() { ["services:catalog:http:0"] = $"http://{listener.LocalEndpoint}" });

        await service.GetProblemAsync("/calls", 503);
        await catalog;

        async Task AnswerAsync()
        {
            using var connection = await listener.AcceptSocketAsync();
            await connection.ReceiveAsync(new byte[4096]);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[1,"u8.ToArray());
            await isBeingRead.Task;
            connection.LingerState = new LingerOption(isReset, seconds: 0);
        }
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
}
