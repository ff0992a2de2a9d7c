using System.Diagnostics;
using System.Globalization;
using Trellis.Benchmarks.Startup;

// How fast the built AppHost starts and stops, and what it costs in memory:
//   dotnet run -c Release --project Benchmarks/Startup [-- RUNS]
var runs = args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 5;
var repository = RepositoryRoot();
using (var build = Process.Start("dotnet", ["build", Path.Combine(repository, "AppHost"), "-c", "Release", "--nologo", "-v", "quiet"]))
{
    await build.WaitForExitAsync();
    if (build.ExitCode != 0)
    {
        return build.ExitCode;
    }
}

var appHost = Path.Combine(repository, "artifacts", "bin", "AppHost", "release", "Trellis.AppHost");
var data = Directory.CreateTempSubdirectory("trellis-startup-");
try
{
    if (!OperatingSystem.IsWindows())
    {
        // PostgreSQL runs as a user of its own, who has to get in.
        File.SetUnixFileMode(data.FullName, File.GetUnixFileMode(data.FullName) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    var prepared = Path.Combine(data.FullName, "prepared");
    await StartRun.MeasureAsync(appHost, prepared);
    var withData = new List<StartRun>();
    var fromNothing = new List<StartRun>();
    for (var run = 1; run <= runs; run++)
    {
        Console.Error.WriteLine($"run {run} of {runs} ...");
        withData.Add(await StartRun.MeasureAsync(appHost, prepared));
        fromNothing.Add(await StartRun.MeasureAsync(appHost, Path.Combine(data.FullName, $"nothing-{run}")));
    }

    Report.Print(withData, fromNothing);
    return 0;
}
finally
{
    data.Delete(recursive: true);
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
