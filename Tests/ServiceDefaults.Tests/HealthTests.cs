using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Health;

namespace Trellis.ServiceDefaults.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Is_live_and_ready_in_every_environment(string environment)
    {
        await using var service = await TestService.StartAsync(environment: environment);

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/ready")).StatusCode);
    }

    [Fact]
    public async Task Is_live_but_not_ready_while_a_dependency_fails_and_keeps_the_reason_to_itself()
    {
        var healthy = false;
        await using var service = await TestService.StartAsync(configure: builder => builder.Services.AddHealthChecks().AddCheck(
            "database",
            () => healthy ? HealthCheckResult.Healthy() : throw new InvalidOperationException("host=db.internal;password=hidden")));

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);
        var (status, report) = await ReadyAsync(service);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("Unhealthy", report.GetProperty("checks").GetProperty("database").GetString());
        Assert.DoesNotContain("hidden", report.GetRawText(), StringComparison.Ordinal);

        healthy = true;
        await Eventually.TrueAsync(async () => (await ReadyAsync(service)).Status == HttpStatusCode.OK, "Ready again");
    }

    [Fact]
    public async Task Is_ready_while_a_dependency_is_only_degraded()
    {
        await using var service = await TestService.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("cache", () => HealthCheckResult.Degraded()));

        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(service)).Status);
    }

    [Fact]
    public async Task Does_not_wait_for_a_dependency_that_hangs_and_ignores_cancellation()
    {
        var never = new TaskCompletionSource<HealthCheckResult>();
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Services.AddHealthChecks()
                .AddAsyncCheck("hanging", () => never.Task)
                .AddCheck("fine", () => HealthCheckResult.Healthy()),
            settings: new() { ["Health:CheckTimeout"] = "00:00:00.100" });

        var (status, report) = await ReadyAsync(service);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("Unhealthy", report.GetProperty("checks").GetProperty("hanging").GetString());
        Assert.Equal("Healthy", report.GetProperty("checks").GetProperty("fine").GetString());
    }

    [Fact]
    public async Task A_check_with_its_own_timeout_keeps_it()
    {
        var never = new TaskCompletionSource<HealthCheckResult>();
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Services.AddHealthChecks()
                .AddAsyncCheck("hanging", () => never.Task, tags: null, timeout: TimeSpan.FromMilliseconds(50)),
            settings: new() { ["Health:CheckTimeout"] = "01:00:00" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ReadyAsync(service)).Status);
    }

    [Fact]
    public async Task Asks_the_dependencies_in_parallel()
    {
        // Each check answers only once the other was asked.
        using var both = new CountdownEvent(2);
        var met = new TaskCompletionSource();
        async Task<HealthCheckResult> MeetAsync()
        {
            if (both.Signal())
            {
                met.SetResult();
            }

            await met.Task;
            return HealthCheckResult.Healthy();
        }

        await using var service = await TestService.StartAsync(configure: builder => builder.Services.AddHealthChecks()
            .AddAsyncCheck("one", MeetAsync)
            .AddAsyncCheck("other", MeetAsync));

        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(service)).Status);
    }

    [Fact]
    public async Task Asks_the_dependencies_once_a_second_however_often_it_is_asked()
    {
        var asked = 0;
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Services.AddHealthChecks().AddCheck("database", () =>
            {
                Interlocked.Increment(ref asked);
                return HealthCheckResult.Healthy();
            }),
            settings: new() { ["Health:CacheDuration"] = "00:00:10" });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ReadyAsync(service)));
        Assert.Equal(1, asked);
        Assert.Equal(TimeSpan.FromSeconds(1), new HealthSettings().CacheDuration);

        await using var uncached = await TestService.StartAsync(
            configure: builder => builder.Services.AddHealthChecks().AddCheck("database", () =>
            {
                Interlocked.Increment(ref asked);
                return HealthCheckResult.Healthy();
            }),
            settings: new() { ["Health:CacheDuration"] = "00:00:00" });
        await ReadyAsync(uncached);
        await ReadyAsync(uncached);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Tells_only_operators_what_it_depends_on()
    {
        await using var service = await TestService.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Unhealthy()));
        using var other = new HttpRequestMessage(HttpMethod.Get, "/ready");
        other.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Mint("catalog.write"));

        using var anybody = await service.Http.GetAsync("/ready");
        using var somebody = await service.Http.SendAsync(other);

        Assert.Equal("""{"status":"unready"}""", await anybody.Content.ReadAsStringAsync());
        Assert.Equal("""{"status":"unready"}""", await somebody.Content.ReadAsStringAsync());
        Assert.Equal("Unhealthy", (await ReadyAsync(service)).Report.GetProperty("checks").GetProperty("database").GetString());
    }

    [Fact]
    public async Task Is_not_ready_while_the_startup_gate_is_held()
    {
        await using var service = await TestService.StartAsync();
        var gate = service.App.Services.GetRequiredService<IStartupGate>();
        var migrations = gate.Hold("migrations");
        using (gate.Hold("seed"))
        {
            var (status, report) = await ReadyAsync(service);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal("starting", report.GetProperty("status").GetString());
            Assert.Equal(["migrations", "seed"], report.GetProperty("waitingFor").EnumerateArray().Select(name => name.GetString()!));
        }

        Assert.Equal(["migrations"], gate.Waiting);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);
        migrations.Dispose();
        migrations.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(service)).Status);
    }

    [Fact]
    public async Task Drains_after_stop_was_requested_and_finishes_the_request_in_flight()
    {
        var entered = new TaskCompletionSource();
        var proceed = new TaskCompletionSource();
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/slow", async () =>
            {
                entered.SetResult();
                await proceed.Task;
                return "done";
            }),
            settings: new() { ["Health:DrainDelay"] = "00:00:03" });
        var inFlight = service.Http.GetStringAsync("/slow");
        await entered.Task;

        // What SIGTERM does.
        service.App.Lifetime.StopApplication();
        var stopped = service.App.WaitForShutdownAsync();

        var (status, report) = await ReadyAsync(service);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("draining", report.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);
        Assert.False(stopped.IsCompleted);
        proceed.SetResult();
        Assert.Equal("done", await inFlight);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("Development", 0)]
    [InlineData("Production", 5)]
    public async Task Drains_without_delay_only_in_development(string environment, int expectedSeconds)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.AddServiceDefaults();
        await using var app = builder.Build();

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), app.Services.GetRequiredService<IOptions<HealthSettings>>().Value.DrainDelay);
    }

    [Theory]
    [InlineData("Health:CheckTimeout", "00:00:00", "Health__CheckTimeout")]
    [InlineData("Health:DrainDelay", "-00:00:01", "Health__DrainDelay")]
    public async Task Refuses_to_start_with_a_wrong_setting_and_names_it(string setting, string value, string variable)
    {
        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(settings: new() { [setting] = value }));

        Assert.Contains(variable, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Report)> ReadyAsync(TestService service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ready");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Mint("operations.read"));
        using var response = await service.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
