namespace Aspire.Hosting.Tests.Faults;

/// <summary>An AppHost that is told to stop before it has started ends at once, quietly and completely.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class StoppingWhileStarting
{
    [Theory]
    [InlineData("initialize", false, "INT")]
    [InlineData("initialize", true, "TERM")]
    [InlineData("allocated", false, "TERM")]
    [InlineData("allocated", true, "INT")]
    [InlineData("before-resource", true, "HUP")]
    [InlineData("environment", false, "HUP")]
    [InlineData("environment", true, "INT")]
    [InlineData("ready", true, "TERM")]
    [InlineData("created", false, "INT")]
    [InlineData("created", true, "INT")]
    public async Task A_signal_ends_it_in_every_phase_also_when_a_callback_does_not_listen(string phase, bool isDeaf, string signal)
    {
        await using var run = new FaultyRun("phase", arguments: [$"--Phase={phase}", $"--Deaf={isDeaf}"]);
        await run.UntilAsync(FaultyAppHost.Reached + phase);

        await run.EndAsync(signal);

        Assert.Equal(0, run.Process.ExitCode);
        AssertQuiet(run);
        Assert.DoesNotContain(phase == "ready" ? "healthy" : "Distributed application started", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 30; exec \"$DCP\" \"$@\"")]
    [InlineData("\"$DCP\" \"$@\"; sleep 30")]
    public async Task A_signal_ends_it_while_the_engine_starts(string slowEngine)
    {
        using var folder = new TemporaryFolder();
        var program = folder["dcp"];
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho $$ > \"$0.pid\"\n{slowEngine}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var run = new FaultyRun("workers", environment: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPIRE_DCP_PATH"] = folder.Path,
            ["DCP"] = Dcp.DcpFixture.Options().CliPath,
        });
        await run.UntilAsync("Distributed application starting");
        await Eventually.TrueAsync(() => File.Exists(program + ".pid"), "The engine was not started");

        await run.EndAsync("INT");

        Assert.Equal(0, run.Process.ExitCode);
        AssertQuiet(run);
    }

    [Fact]
    public async Task A_signal_ends_it_while_the_dashboard_starts()
    {
        await using var run = new FaultyRun("workers", arguments: "--Dashboard=true");
        await Eventually.TrueAsync(
            () => run.Process.Family().Any(pid => ProcessTable.CommandLine(pid).Contains("aspire-managed", StringComparison.Ordinal)),
            "The dashboard was not started");

        await run.EndAsync("INT");

        Assert.Equal(0, run.Process.ExitCode);
        AssertQuiet(run);
    }

    [Fact]
    public async Task Before_the_host_has_started_a_signal_ends_it_as_any_program()
    {
        await using var run = new FaultyRun("phase", arguments: "--Phase=before-start");
        await run.UntilAsync(FaultyAppHost.Reached + "before-start");

        await run.EndAsync("INT");

        Assert.NotEqual(0, run.Process.ExitCode);
        AssertQuiet(run);
    }

    [Fact]
    public async Task While_a_resource_waits_for_one_that_never_gets_healthy_a_signal_ends_it()
    {
        await using var run = new FaultyRun("sick");
        await Eventually.TrueAsync(() => run.Process.Family().Count(pid => ProcessTable.CommandLine(pid).StartsWith("sleep 600", StringComparison.Ordinal)) == 1, "The first did not start");

        await run.EndAsync("TERM");

        Assert.Equal(0, run.Process.ExitCode);
        AssertQuiet(run);
    }

    private static void AssertQuiet(FaultyRun run)
    {
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", run.Output, StringComparison.Ordinal);
    }
}
