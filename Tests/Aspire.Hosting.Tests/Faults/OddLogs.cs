using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>What processes write that nobody expects.</summary>
public sealed class OddLogs
{
    [Fact]
    public async Task Binary_garbage_and_very_long_lines_do_not_hide_what_comes_after()
    {
        var builder = RunningApplication.CreateBuilder();
        var odd = builder.AddExecutable(
            "odd", "/bin/sh", ".", "-c", "head -c 300000 /dev/urandom; echo; head -c 1000000 /dev/zero | tr '\\0' a; echo; head -c 1000000 /dev/zero; echo; echo after; exec sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);

        var log = await running.ReadLogAsync(odd.Resource, lines => lines.Any(line => line.Text == "after"));

        Assert.Equal(1_000_000, log.Sum(line => line.Text.Length > 50_000 && line.Text.All(letter => letter == 'a') ? line.Text.Length : 0));
        Assert.Equal("after", log[^1].Text);
    }

    [Fact]
    public async Task A_flood_neither_fills_the_memory_nor_holds_up_other_logs_nor_the_stop()
    {
        await using var run = await FaultyRun.StartAsync("flood");
        await run.UntilAsync("tick 30 ");

        var memory = ProcessTable.ProportionalMemory(run.Process.Id);
        var took = await run.EndAsync("TERM");

        Assert.InRange(memory, 0, 350_000_000);
        Assert.True(took < TimeSpan.FromSeconds(10), $"It took {took}.");
    }

    [Fact]
    public async Task A_line_without_end_does_not_fill_the_memory()
    {
        await using var run = await FaultyRun.StartAsync("endless-line");
        await run.UntilAsync("tick 30 ");

        Assert.InRange(ProcessTable.ProportionalMemory(run.Process.Id), 0, 350_000_000);
    }
}
