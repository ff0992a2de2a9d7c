using System.Diagnostics;
using Trellis.Benchmarks.ServiceDefaults;

// What service defaults cost, and how fast a service with them is beside the Python frameworks of Debian:
//   dotnet run -c Release --project Benchmarks/ServiceDefaults [-- --runs 5] [--seconds 5] [--warm-up 10] [--only NAME]
// Needs four cores (two for the servers, two for the load) and the Debian packages that docs/benchmarks.md names.
var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

if (Environment.ProcessorCount < Cores.Needed)
{
    Console.Error.WriteLine($"{Cores.Needed} cores are needed, two for the servers and two for the load; here are {Environment.ProcessorCount}.");
    return 2;
}

var repository = RepositoryRoot();
var servers = Path.Combine(repository, "Benchmarks", "ServiceDefaults");
string[] quietly = ["-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary"];
foreach (var build in (string[][])[["build", Path.Combine(servers, "Server"), .. quietly], ["publish", Path.Combine(servers, "NativeServer"), .. quietly]])
{
    using var process = Process.Start("dotnet", build);
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
    {
        return process.ExitCode;
    }
}

var peers = Path.Combine(servers, "Peers");
var server = Path.Combine(repository, "artifacts", "bin", "Server", "release", "Trellis.Benchmarks.Server");
var nativeServer = Path.Combine(repository, "artifacts", "publish", "NativeServer", "release", "Trellis.Benchmarks.NativeServer");
var contenders = Contender.All(server, nativeServer)
    .Where(contender => options.Only is null || contender.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
    .ToList();
try
{
    await using var collector = await Collector.StartAsync(repository);
    var report = new Report();
    for (var run = 1; run <= options.Runs; run++)
    {
        foreach (var contender in contenders)
        {
            Console.Error.WriteLine($"run {run} of {options.Runs}: {contender.Name} ...");
            report.Add(contender.Name, await Measurement.TakeAsync(contender, peers, options.Seconds, options.WarmUp, collector.Address));
        }
    }

    report.Print();
    return 0;
}
catch (InvalidOperationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
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
