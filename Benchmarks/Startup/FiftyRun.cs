using Trellis.Tests;

namespace Trellis.Benchmarks.Startup;

/// <summary>One start and stop of an AppHost with fifty processes.</summary>
/// <param name="Running">From the start of the AppHost's process until it says that all fifty run.</param>
/// <param name="Stop">From SIGTERM until no process is left.</param>
/// <param name="AppHostMemory">Proportional set size in bytes, when all run.</param>
/// <param name="EngineMemory">The same of all processes of DCP together.</param>
internal sealed record FiftyRun(TimeSpan Running, TimeSpan Stop, long AppHostMemory, long EngineMemory)
{
    /// <summary>What the table says of it.</summary>
    public static readonly (string Name, Func<FiftyRun, double?> Value, string Format)[] Rows =
    [
        ("built AppHost to 50 resources running, s", r => r.Running.TotalSeconds, "0.00"),
        ("stop: SIGTERM to no process left, s", r => r.Stop.TotalSeconds, "0.00"),
        ("memory of AppHost, MB (PSS)", r => r.AppHostMemory / 1e6, "0"),
        ("memory of DCP, all its processes, MB (PSS)", r => r.EngineMemory / 1e6, "0"),
    ];

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>The executable that was built with another AppHost, in the same way.</summary>
    /// <param name="appHost">The path <c>.../bin/AppHost/configuration/Trellis.AppHost</c>.</param>
    public static string Beside(string appHost)
    {
        var configuration = Path.GetDirectoryName(appHost)!;
        return Path.GetFullPath(Path.Combine(configuration, "..", "..", "FiftyResources", Path.GetFileName(configuration), "Trellis.Benchmarks.FiftyResources"));
    }

    public static async Task<FiftyRun> MeasureAsync(string appHost, string dataRoot)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true" };
        await using var run = AppHostProcess.Start(appHost, dataRoot, environment: environment);
        var (running, _) = await run.WaitForLineAsync("All 50 resources run", Deadline);
        var engine = run.Family().Where(pid => ProcessTable.CommandLine(pid).Contains("/dcp/dcp ", StringComparison.Ordinal)).Sum(ProcessTable.ProportionalMemory);
        var appHostMemory = ProcessTable.ProportionalMemory(run.Id);
        return new FiftyRun(running, await run.EndAsync("TERM", Deadline), appHostMemory, engine);
    }
}
