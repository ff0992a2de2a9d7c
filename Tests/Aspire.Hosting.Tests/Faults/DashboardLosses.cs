using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>Whatever becomes of the dashboard, the resources go on, and nobody waits for an answer that only it could bring.</summary>
public sealed class DashboardLosses
{
    [Fact]
    public async Task When_the_dashboard_is_killed_the_AppHost_says_so_and_everything_else_goes_on()
    {
        await using var run = new FaultyRun("flood", arguments: "--Dashboard=true");
        await run.UntilAsync("Login to the dashboard");
        await run.UntilAsync("tick ");

        Kills.Signal("KILL", Dashboard(run));

        await run.UntilAsync("The dashboard ended .* ended by a signal.* Everything else goes on.");
        await AssertTicksAsync(run);
        Assert.DoesNotContain("'aspire-dashboard'", run.Output, StringComparison.Ordinal);
        await run.EndAsync("TERM");
        Assert.Equal(0, run.Process.ExitCode);
    }

    [Fact]
    public async Task A_value_is_not_waited_for_where_the_dashboard_cannot_ask_for_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var run = new FaultyRun("asking", arguments: ["--Dashboard=true", $"--ASPNETCORE_URLS=http://{other.LocalEndpoint}"]);

        await run.UntilAsync("There is no dashboard");
        await AssertNamesTheSettingAsync(run);
    }

    [Fact]
    public async Task A_value_is_waited_for_no_longer_when_the_dashboard_that_asks_for_it_is_killed()
    {
        await using var run = new FaultyRun("asking", arguments: "--Dashboard=true");
        await run.UntilAsync("Login to the dashboard");
        Assert.DoesNotContain("could not be started", run.Output, StringComparison.Ordinal);

        Kills.Signal("KILL", Dashboard(run));

        await AssertNamesTheSettingAsync(run);
    }

    [Fact]
    public async Task A_value_that_was_saved_is_there_in_the_next_run()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new FaultyRun("asking", folder: folder, arguments: ["--Dashboard=true", "--Answer=s3cret"]))
        {
            await first.UntilAsync("got s3cret");
            await first.EndAsync("TERM");
        }

        await using var next = new FaultyRun("asking", folder: folder, arguments: "--Dashboard=true");
        await next.UntilAsync("got s3cret");
        await next.EndAsync("TERM");
    }

    private static IEnumerable<int> Dashboard(FaultyRun run) =>
        run.Process.Family().Where(pid => ProcessTable.CommandLine(pid).Contains("aspire-managed dashboard", StringComparison.Ordinal));

    private static async Task AssertNamesTheSettingAsync(FaultyRun run)
    {
        await run.UntilAsync("Resource 'user' could not be started");
        await run.UntilAsync("'Parameters:key' is missing");
        await AssertTicksAsync(run);
        await run.EndAsync("TERM");
    }

    private static Task AssertTicksAsync(FaultyRun run)
    {
        var before = Ticks(run);
        return Eventually.TrueAsync(() => Ticks(run) > before + 2, "The clock stood still");
    }

    private static int Ticks(FaultyRun run) => run.Output.Split('\n').Count(line => line.Contains("tick ", StringComparison.Ordinal));
}
