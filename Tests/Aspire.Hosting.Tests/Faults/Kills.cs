using System.Diagnostics;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>Who kills the AppHost or the engine with SIGKILL, whenever that is, leaves nothing behind, and the next start works.</summary>
public sealed class Kills : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("initialize")]
    [InlineData("allocated")]
    [InlineData("environment")]
    [InlineData("ready")]
    public async Task The_AppHost_can_be_killed_in_every_phase_of_its_start(string phase)
    {
        await using (var run = new FaultyRun("phase", folder: _folder, arguments: $"--Phase={phase}"))
        {
            await run.UntilAsync(FaultyAppHost.Reached + phase);
            await run.Process.EndAsync("KILL", FaultyRun.EndTimeout);
        }

        await AssertNextStartWorksAsync();
    }

    [Fact]
    public async Task The_AppHost_can_be_killed_at_any_moment()
    {
        var random = new Random(4);
        for (var round = LongTests.Choose(4, 20); round > 0; round--)
        {
            await using var run = new FaultyRun("workers", folder: _folder);
            _ = run.Process;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 2000)));
            await run.Process.EndAsync("KILL", FaultyRun.EndTimeout);
        }

        await AssertNextStartWorksAsync();
    }

    [Fact]
    public async Task The_engine_can_be_killed_at_any_moment()
    {
        var random = new Random(5);
        for (var round = LongTests.Choose(2, 20); round > 0; round--)
        {
            await using var run = new FaultyRun("workers", folder: _folder);
            await Eventually.TrueAsync(() => Engine(run, "start-apiserver").Count > 0, "The engine was not started");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 1500)));
            Signal("KILL", [.. Engine(run, "start-apiserver"), .. Engine(run, "run-controllers")]);
            await run.AssertNothingIsLeftAsync();
            Assert.NotEqual(0, run.Process.ExitCode);
            Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        }

        await AssertNextStartWorksAsync();
    }

    [Theory]
    [InlineData("start-apiserver")]
    [InlineData("run-controllers")]
    public async Task When_a_part_of_the_engine_is_killed_the_AppHost_says_so_and_ends(string part)
    {
        await using var run = await FaultyRun.StartAsync("workers");

        Signal("KILL", Engine(run, part));
        await run.AssertNothingIsLeftAsync();

        Assert.Equal(1, run.Process.ExitCode);
        Assert.Contains("engine (DCP) has ended unexpectedly", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_a_killed_AppHost_left_is_deleted_by_the_next_start()
    {
        using var ended = Process.Start("true");
        await ended.WaitForExitAsync();
        var left = Directory.CreateDirectory(Path.Combine(_folder.Path, "tmp", $"aspire-dcp-{ended.Id}-abcdef"));
        var living = Directory.CreateDirectory(Path.Combine(_folder.Path, "tmp", $"aspire-dcp-{Environment.ProcessId}-abcdef"));
        await using var run = new FaultyRun("workers", folder: _folder);
        await run.UntilAsync("All resources are running and healthy");

        Assert.False(left.Exists && Directory.Exists(left.FullName));
        Assert.True(Directory.Exists(living.FullName));
    }

    internal static IReadOnlyList<int> Engine(FaultyRun run, string part) =>
        [.. run.Process.Family().Where(pid => ProcessTable.CommandLine(pid).Contains($"dcp {part} ", StringComparison.Ordinal))];

    internal static void Signal(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes.Select(pid => $"{pid}")]);
        kill.WaitForExit();
    }

    private async Task AssertNextStartWorksAsync()
    {
        await using var next = new FaultyRun("workers", folder: _folder);
        await next.UntilAsync("All resources are running and healthy");
        await next.EndAsync("TERM");
    }
}
