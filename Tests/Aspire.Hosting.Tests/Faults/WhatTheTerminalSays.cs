using System.Text.RegularExpressions;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>What a developer without a dashboard learns of resources that fail or wait.</summary>
public sealed class WhatTheTerminalSays
{
    [Fact]
    public async Task A_crash_is_told_once_with_exit_code_and_last_lines()
    {
        await using var run = new FaultyRun("crash");
        await run.UntilAsync("no such table: orders");

        await run.EndAsync("TERM");

        Assert.Single(Regex.Matches(run.Output, "'crashing'"));
        Assert.Contains("exit code 3", run.Output, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(run.Output, "no such table: orders"));
    }

    [Fact]
    public async Task A_program_or_folder_that_does_not_exist_is_told_once_with_the_reason()
    {
        await using var run = new FaultyRun("refused");
        await run.UntilAsync("'missing'");
        await run.UntilAsync("fork/exec /nowhere/program: no such file");

        await run.EndAsync("TERM");

        Assert.Single(Regex.Matches(run.Output, "Resource 'lost'"));
        Assert.Single(Regex.Matches(run.Output, "Resource 'missing'"));
        Assert.Single(Regex.Matches(run.Output, "working directory '/nowhere/at/all'"));
    }

    [Fact]
    public async Task A_failure_names_those_who_go_on_waiting()
    {
        await using var run = new FaultyRun("failed-dependency");

        var told = await run.UntilAsync("Resource 'crashing'");

        Assert.Contains("'patient' goes on waiting for it.", told.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_takes_long_is_explained()
    {
        await using var run = new FaultyRun("sick");

        var told = await run.UntilAsync("'patient' waits for 'sick'");

        Assert.Contains("not healthy", told.Line, StringComparison.Ordinal);
        Assert.DoesNotContain("'sick' runs", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_become_healthy_is_told_though_nobody_waits_for_it()
    {
        await using var run = new FaultyRun("lonely-sick");

        var told = await run.UntilAsync("'sick' runs");

        Assert.Contains("not healthy", told.Line, StringComparison.Ordinal);
    }
}
