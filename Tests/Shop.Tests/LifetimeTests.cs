using Trellis.Tests;
using Xunit.Abstractions;

namespace Shop.Tests;

/// <summary>How the built AppHost ends: with everything that it started, whoever ends it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class LifetimeTests(ITestOutputHelper output) : IDisposable
{
    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SIGTERM_ends_every_process()
    {
        await using var run = await ShopRun.StartAsync(_folder);
        await AssertFamilyAsync(run);

        var took = await run.EndAsync("TERM", ShopRun.StopTimeout);

        AssertCleanEnd(run, took);
    }

    [Fact]
    public async Task Ctrl_C_at_a_terminal_ends_every_process()
    {
        // script(1) runs the AppHost at a terminal of its own and types there what it reads.
        await using var run = await ShopRun.StartAsync(
            _folder, launcher: ["bash", "-c", """exec script --quiet --return --command "exec $(printf '%q ' "$@")" /dev/null""", "bash"]);
        await AssertFamilyAsync(run);

        var from = run.Elapsed;
        await run.TypeAsync("\x03");
        var took = await run.WaitForEndAsync(from, ShopRun.StopTimeout);

        AssertCleanEnd(run, took);
    }

    [Fact]
    public async Task Killed_it_takes_every_process_with_it()
    {
        await using var run = await ShopRun.StartAsync(_folder);
        await AssertFamilyAsync(run);

        // The engine notices by itself, and is the last to go.
        var engine = run.Family().Where(pid => ProcessTable.CommandLine(pid).Contains("/dcp ", StringComparison.Ordinal)).ToHashSet();
        var from = run.Elapsed;
        var ended = run.EndAsync("KILL", ShopRun.KillTimeout);
        await Eventually.TrueAsync(() => Task.FromResult(run.Survivors().All(engine.Contains)), "A server or service was still running");
        var served = run.Elapsed - from;
        var took = await ended;

        output.WriteLine($"No server or service was left after {served.TotalSeconds:0.00} s, and nothing after {took.TotalSeconds:0.00} s.");
        await Eventually.TrueAsync(() => Task.FromResult(_folder.EngineFolders().Length == 0), "The engine's folder was still there");
    }

    /// <summary>Asserts that the servers and services are seen as processes of the AppHost, and remembers them.</summary>
    private static Task AssertFamilyAsync(AppHostProcess run) => Eventually.TrueAsync(
        () =>
        {
            var commands = run.Family().Select(ProcessTable.CommandLine).ToArray();
            return Task.FromResult(((string[])["postgres", "redis-server", "Catalog", "Gateway", "dcp", "aspire-managed"])
                .All(program => commands.Any(command => command.Contains(program, StringComparison.OrdinalIgnoreCase))));
        },
        "Not every process of the system was found");

    private void AssertCleanEnd(AppHostProcess run, TimeSpan took)
    {
        output.WriteLine($"Nothing was left after {took.TotalSeconds:0.00} s.");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Survivors());
        Assert.Empty(_folder.EngineFolders());
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", run.Output, StringComparison.Ordinal);
    }
}
