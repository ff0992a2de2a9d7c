using Trellis.Tests;

namespace Trellis.Benchmarks.Startup;

/// <summary>One start and stop of the AppHost.</summary>
/// <param name="Dashboard">From the start of the process until the dashboard answers.</param>
/// <param name="FirstAnswer">Until a search through the gateway answers with products.</param>
/// <param name="Healthy">Until every resource runs and is healthy; null for an AppHost that does not say so.</param>
/// <param name="Stop">From SIGTERM until no process is left.</param>
/// <param name="AppHostMemory">Proportional set size in bytes, when all are healthy.</param>
/// <param name="EngineMemory">The same of all processes of DCP together.</param>
/// <param name="DashboardMemory">The same of the dashboard.</param>
internal sealed record StartRun(
    TimeSpan Dashboard,
    TimeSpan FirstAnswer,
    TimeSpan? Healthy,
    TimeSpan Stop,
    long AppHostMemory,
    long EngineMemory,
    long DashboardMemory)
{
    /// <summary>What the table says of it.</summary>
    public static readonly (string Name, Func<StartRun, double?> Value, string Format)[] Rows =
    [
        ("built AppHost to dashboard up, s", r => r.Dashboard.TotalSeconds, "0.00"),
        ("to first answer with data, s", r => r.FirstAnswer.TotalSeconds, "0.00"),
        ("to all resources healthy, s", r => r.Healthy?.TotalSeconds, "0.00"),
        ("stop: SIGTERM to no process left, s", r => r.Stop.TotalSeconds, "0.00"),
        ("memory of AppHost, MB (PSS)", r => r.AppHostMemory / 1e6, "0"),
        ("memory of DCP, all its processes, MB (PSS)", r => r.EngineMemory / 1e6, "0"),
        ("memory of the dashboard, MB (PSS)", r => r.DashboardMemory / 1e6, "0"),
    ];

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<StartRun> MeasureAsync(string appHost, string dataRoot, bool isPeer = false)
    {
        // Microsoft's engine starts projects with "dotnet run --no-build", which has to find the same build.
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true" };
        if (isPeer)
        {
            environment["AspirePackages"] = "true";
        }

        await using var run = AppHostProcess.Start(appHost, dataRoot, environment: environment);
        var dashboard = run.WaitForAnswerAsync(run.DashboardUrl, Deadline);
        var answer = run.WaitForAnswerAsync(new Uri(run.GatewayUrl, "/api/catalog/products?search=desk"), Deadline);
        await Task.WhenAll(dashboard, answer);
        TimeSpan? healthy = isPeer ? null : (await run.WaitForLineAsync("All resources are running and healthy", Deadline)).At;

        var family = run.Family().ToDictionary(pid => pid, ProcessTable.CommandLine);
        var engine = family.Where(p => p.Value.Contains("/dcp/dcp ", StringComparison.Ordinal)).Sum(p => ProcessTable.ProportionalMemory(p.Key));
        var dashboardProcess = family.Where(p => p.Value.Contains("aspire-managed dashboard", StringComparison.Ordinal)).Sum(p => ProcessTable.ProportionalMemory(p.Key));
        var appHostMemory = ProcessTable.ProportionalMemory(run.Id);
        var stop = await run.EndAsync("TERM", Deadline);
        return new StartRun(await dashboard, await answer, healthy, stop, appHostMemory, engine, dashboardProcess);
    }
}
