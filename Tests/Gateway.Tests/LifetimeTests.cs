using System.Diagnostics;
using System.Net;

namespace Trellis.Gateway.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public async Task Ends_on_sigterm_without_draining_in_development()
    {
        await using var catalog = await Backend.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(new() { ["catalog"] = [catalog.Address] });
        using var response = await gateway.Http.GetAsync("/api/catalog/products");
        await response.SeenAsync();
        var started = Stopwatch.GetTimestamp();

        var exitCode = await gateway.TerminateAsync();

        Assert.Equal(0, exitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Serves_on_while_it_drains_but_is_no_longer_ready()
    {
        await using var catalog = await Backend.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            new() { ["catalog"] = [catalog.Address] },
            new() { ["Health__DrainDelay"] = "00:00:03" });

        var ended = gateway.TerminateAsync();

        await Answers.EventuallyAsync(
            async () => (await gateway.Http.GetAsync(new Uri(gateway.Management, "/ready"))).StatusCode == HttpStatusCode.ServiceUnavailable,
            "not ready any more");
        using var response = await gateway.Http.GetAsync("/api/catalog/products");
        await response.SeenAsync();
        Assert.Equal(0, await ended);
    }

    [Theory]
    [InlineData("MANAGEMENT__PORT", "eighty", "Management__Port")]
    [InlineData("Gateway__ActivityTimeout", "00:00:00", "Gateway__ActivityTimeout")]
    [InlineData("Gateway__Paths__catalog", "catalog", "Gateway__Paths__")]
    public async Task Refuses_to_start_with_a_wrong_setting_and_names_it(string variable, string value, string named)
    {
        var (exitCode, output) = await GatewayProcess.FailToStartAsync(new() { [variable] = value });

        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }
}
