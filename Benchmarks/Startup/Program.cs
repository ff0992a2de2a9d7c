using System.Diagnostics;
using Trellis.Benchmarks.Startup;

// How fast the built AppHost starts and stops, and what it costs in memory:
//   dotnet run -c Release --project Benchmarks/Startup [-- --runs 5] [--peer PATH]
// PATH is the executable of the same AppHost built on Microsoft's packages (-p:AspirePackages=true); the two are then measured in turn.
var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project Benchmarks/Startup [-- --runs N] [--peer PATH]");
    return 2;
}

var repository = RepositoryRoot();
foreach (var project in (string[])["AppHost", "Benchmarks/FiftyResources"])
{
    using var build = Process.Start("dotnet", ["build", Path.Combine(repository, project), "-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary"]);
    await build.WaitForExitAsync();
    if (build.ExitCode != 0)
    {
        return build.ExitCode;
    }
}

var ours = Path.Combine(repository, "artifacts", "bin", "AppHost", "release", "Trellis.AppHost");
var data = Directory.CreateTempSubdirectory("trellis-startup-");
try
{
    if (!OperatingSystem.IsWindows())
    {
        // PostgreSQL runs as a user of its own, who has to get in.
        File.SetUnixFileMode(data.FullName, File.GetUnixFileMode(data.FullName) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    var prepared = Path.Combine(data.FullName, "prepared");
    await StartRun.MeasureAsync(ours, prepared);
    var report = new Report<StartRun>();
    for (var run = 1; run <= options.Runs; run++)
    {
        Console.Error.WriteLine($"run {run} of {options.Runs} ...");
        report.Add("ours, data prepared", await StartRun.MeasureAsync(ours, prepared));
        if (options.Peer is not null)
        {
            report.Add("Microsoft's packages, data prepared", await StartRun.MeasureAsync(options.Peer, prepared, isPeer: true));
        }

        report.Add("ours, from nothing", await StartRun.MeasureAsync(ours, Path.Combine(data.FullName, $"ours-{run}")));
        if (options.Peer is not null)
        {
            report.Add("Microsoft's packages, from nothing", await StartRun.MeasureAsync(options.Peer, Path.Combine(data.FullName, $"peer-{run}"), isPeer: true));
        }
    }

    report.Print(StartRun.Rows);
    await MeasureFiftyAsync(ours, options, data.FullName);
    return 0;
}
finally
{
    data.Delete(recursive: true);
}

static async Task MeasureFiftyAsync(string ours, Options options, string data)
{
    var peer = options.Peer is null ? null : FiftyRun.Beside(options.Peer);
    if (peer is not null && !File.Exists(peer))
    {
        Console.Error.WriteLine($"{peer} has not been built, so only ours is measured with 50 resources.");
        peer = null;
    }

    await FiftyRun.MeasureAsync(FiftyRun.Beside(ours), data);
    var report = new Report<FiftyRun>();
    for (var run = 1; run <= options.Runs; run++)
    {
        Console.Error.WriteLine($"50 resources, run {run} of {options.Runs} ...");
        report.Add("ours, 50 resources", await FiftyRun.MeasureAsync(FiftyRun.Beside(ours), data));
        if (peer is not null)
        {
            report.Add("Microsoft's packages, 50 resources", await FiftyRun.MeasureAsync(peer, data));
        }
    }

    report.Print(FiftyRun.Rows);
}

static string RepositoryRoot()
{
    var folder = new DirectoryInfo(AppContext.BaseDirectory);
    while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
    {
        folder = folder.Parent;
    }

    return folder?.FullName ?? throw new InvalidOperationException("Run the benchmark from a build inside the repository.");
}
