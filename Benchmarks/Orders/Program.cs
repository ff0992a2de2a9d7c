using System.Diagnostics;
using Trellis.Benchmarks.Orders;
using Trellis.Benchmarks.Startup;

// How many orders the shop completes and how long that takes, with one and with two replicas of its services, all telemetry on, beside what its database can write:
//   dotnet run -c Release --project Benchmarks/Orders [-- --runs 5] [--rate 50] [--most-rate 300] [--seconds 20]
// The disk counts: fsync and synchronous_commit are on.
var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

var repository = RepositoryRoot();
using (var build = Process.Start("dotnet", ["build", Path.Combine(repository, "AppHost"), "-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary"]))
{
    await build.WaitForExitAsync();
    if (build.ExitCode != 0)
    {
        return build.ExitCode;
    }
}

var appHost = Path.Combine(repository, "artifacts", "bin", "AppHost", "release", "Trellis.AppHost");
var data = Directory.CreateTempSubdirectory("trellis-orders-");
try
{
    if (!OperatingSystem.IsWindows())
    {
        // PostgreSQL runs as a user of its own, who has to get in.
        File.SetUnixFileMode(data.FullName, File.GetUnixFileMode(data.FullName) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    var report = new Report<OrdersRun>();
    SortedSet<string> programs = new(StringComparer.Ordinal);
    for (var run = 1; run <= options.Runs; run++)
    {
        foreach (var replicas in (int[])[1, 2])
        {
            Console.Error.WriteLine($"run {run} of {options.Runs}: replicas {replicas} ...");
            var measured = await OrdersRun.MeasureAsync(appHost, Path.Combine(data.FullName, $"{run}-{replicas}"), replicas, options);
            report.Add(replicas == 1 ? "1 replica" : $"{replicas} replicas", measured);
            programs.UnionWith(measured.Cpu.Where(program => program.Value >= 0.05).Select(program => program.Key));
        }
    }

    report.Print(OrdersRun.Rows);
    Console.WriteLine();
    Console.WriteLine("Where the processor's time of an order goes, in ms:");
    report.Print([.. programs.Select(program => (program, (Func<OrdersRun, double?>)(run => run.Cpu.GetValueOrDefault(program)), "0.0"))]);
    return 0;
}
catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
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

    return folder?.FullName ?? throw new InvalidOperationException("The benchmark does not run inside its repository.");
}
