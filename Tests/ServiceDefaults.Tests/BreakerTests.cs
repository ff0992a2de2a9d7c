using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Errors;

namespace Trellis.ServiceDefaults.Tests;

public sealed partial class BreakerTests
{
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
        await using var service = await CallingService.OfAsync(
            catalog,
            ("services:inventory:http:0", inventory.App.Urls.First()),
            ("Http:Defaults:Retries", "0"), ("Http:Defaults:BreakerMinimumAttempts", "4"), ("Http:Defaults:BreakerPause", "00:01:00"));
        for (var call = 0; call < 4; call++)
        {
            using var response = await CallingService.Client(service).GetAsync("http://catalog/items");
        }

        var failure = await Assert.ThrowsAsync<DependencyUnavailableException>(() => CallingService.Client(service).GetAsync("http://catalog/items"));

        Assert.Equal(4, calls);
        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Equal("there", await CallingService.Client(service).GetStringAsync("http://inventory/items"));
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
    public async Task First_calls_to_a_destination_may_come_together()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () => "there"));
        await using var service = await CallingService.OfAsync(catalog);
        var clients = service.App.Services.GetRequiredService<IHttpClientFactory>();
        using var together = new Barrier(participantCount: 8);
        for (var round = 0; round < 50; round++)
        {
            // Each client has destinations of its own: every round is one of first calls.
            using var client = clients.CreateClient($"client{round}");
            var calls = Enumerable.Range(0, together.ParticipantCount).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return client.GetStringAsync("http://catalog/items");
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap());

            Assert.All(await Task.WhenAll(calls), answer => Assert.Equal("there", answer));
        }
    }

    [Fact]
    public async Task A_password_in_an_address_is_not_shown()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone)));
        await using var service = await CallingService.OfAsync(catalog, ("Http:Defaults:Timeout", "00:00:00.2"));

        var failure = await Assert.ThrowsAsync<DependencyUnavailableException>(() => CallingService.Client(service).GetAsync("http://user:secret@catalog/items"));

        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await service.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(["http://catalog"], await DestinationsAsync(service));
    }

    [Fact]
    public async Task A_destination_that_is_back_is_called_again()
    {
        var isDown = true;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () => isDown ? Results.StatusCode(503) : Results.Ok()));
        await using var service = await CallingService.OfAsync(
            catalog, ("Http:Defaults:Retries", "0"), ("Http:Defaults:BreakerMinimumAttempts", "2"), ("Http:Defaults:BreakerPause", "00:00:00.5"));
        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => CallingService.Client(service).GetAsync("http://catalog/items")) is DependencyUnavailableException, "The breaker stayed closed");

        isDown = false;

        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => CallingService.Client(service).GetAsync("http://catalog/items")) is null, "The breaker stayed open");
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
        await using var service = await CallingService.OfAsync(catalog, ("Http:Defaults:MaxConcurrentCalls", "2"), ("Http:Defaults:MaxWaitingCalls", "3"));

        var calls = Enumerable.Range(0, 10).Select(_ => Record.ExceptionAsync(() => CallingService.Client(service).GetAsync("http://catalog/items"))).ToList();
        await Eventually.TrueAsync(() => current == 2 && calls.Count(call => call.IsCompleted) == 5, "Not all that were too many had been refused");
        release.SetResult();
        var failures = (await Task.WhenAll(calls)).OfType<Exception>().ToList();

        Assert.Equal(5, failures.Count);
        Assert.All(failures, failure => Assert.Contains("Too many calls to http://catalog", Assert.IsType<DependencyUnavailableException>(failure).Message, StringComparison.Ordinal));
        Assert.Equal(2, most);
    }


    private static async Task<IEnumerable<string>> DestinationsAsync(TestService service) =>
        BreakerDestination().Matches(await service.Http.GetStringAsync("/metrics")).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

    [GeneratedRegex("trellis_http_client_breaker_state\\{[^}]*server_address=\"([^\"]*)\"")]
    private static partial Regex BreakerDestination();
}
