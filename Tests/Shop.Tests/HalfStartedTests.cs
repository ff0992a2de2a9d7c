using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The whole system, ended while it starts for the first time: nothing is left running, and the next start works on the same data.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class HalfStartedTests : IDisposable
{
    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ended_in_any_phase_of_its_first_start_it_starts_the_next_time()
    {
        (string Program, string Signal)[] phases =
        [
            ("aspire-managed", "TERM"),
            ("initdb", "INT"),
            ("initdb", "KILL"),
            ("bin/postgres", "KILL"),
            ("bin/postgres", "INT"),
            ("bin/Catalog/", "KILL"),
            ("bin/Catalog/", "HUP"),
            ("bin/Gateway/", "INT"),
        ];
        foreach (var (program, signal) in phases)
        {
            await using var run = AppHostProcess.Start(BuiltSystem.AppHost, _folder.Data, ["env", "--default-signal=INT,HUP"], environment: _folder.Environment);
            await Eventually.TrueAsync(
                () => run.Family().Any(pid => ProcessTable.CommandLine(pid).Contains(program, StringComparison.Ordinal)) || IsUp(run),
                $"There was no {program}",
                ShopRun.StartTimeout.TotalSeconds);

            await run.EndAsync(signal, ShopRun.KillTimeout);

            Assert.False(run.Output.Contains("   at ", StringComparison.Ordinal), $"{signal} while {program} ran:\n{run.Output}");
            Assert.Equal(signal == "KILL" ? 137 : 0, run.ExitCode);
        }

        await using var next = await ShopRun.StartAsync(_folder);
        Assert.True(await ShopRun.CountDesksAsync(next) > 0);
        await next.EndAsync("TERM", ShopRun.StopTimeout);
        Assert.Empty(_folder.EngineFolders());
    }

    // A program that is gone as soon as it is there, such as initdb when there is data, may be missed.
    private static bool IsUp(AppHostProcess run) => run.Output.Contains("All resources are running and healthy", StringComparison.Ordinal);
}
