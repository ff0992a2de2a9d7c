namespace Aspire.Hosting.Tests.Faults;

/// <summary>How a running AppHost ends when it is told to, and what it takes along.</summary>
public sealed class Signals
{
    [Theory]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("HUP")]
    public async Task A_signal_stops_everything_in_good_order(string signal)
    {
        await using var run = await FaultyRun.StartAsync("workers");

        await run.EndAsync(signal);

        Assert.Equal(0, run.Process.ExitCode);
    }

    [Fact]
    public async Task Started_with_nohup_it_outlives_its_terminal()
    {
        await using var run = new FaultyRun("workers", launcher: ["nohup"]);
        await run.UntilAsync("All resources are running and healthy");

        Kills.Signal("HUP", [run.Process.Id]);
        // A signal that is ignored leaves no trace; one that is not would be seen long before this one.
        await run.EndAsync("TERM");

        Assert.Equal(0, run.Process.ExitCode);
    }

    [Fact]
    public async Task When_its_terminal_is_closed_everything_ends()
    {
        // script(1) is the terminal: when it is gone, the kernel sends SIGHUP to those who use it.
        await using var run = new FaultyRun("workers", launcher: ["bash", "-c", """exec script --quiet --return --command "exec $(printf '%q ' "$@")" /dev/null""", "bash"]);
        await run.UntilAsync("All resources are running and healthy");
        run.Process.Family();

        await run.EndAsync("KILL");
    }

    [Fact]
    public async Task A_second_Ctrl_C_does_no_harm_while_a_process_is_stubborn()
    {
        await using var run = await FaultyRun.StartAsync("stubborn");
        run.Process.Family();

        Kills.Signal("INT", [run.Process.Id]);
        await run.EndAsync("INT");

        Assert.Equal(0, run.Process.ExitCode);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_left_its_parent_ends_with_the_AppHost()
    {
        await using var run = await FaultyRun.StartAsync("daemon");
        await Eventually.TrueAsync(
            () => run.Process.Family().Any(pid => ProcessTable.CommandLine(pid).StartsWith("sleep 601", StringComparison.Ordinal)), "There was no daemon");

        await run.EndAsync("TERM");
    }
}
