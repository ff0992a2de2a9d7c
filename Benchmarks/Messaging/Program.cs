using System.Diagnostics;
using Trellis.Benchmarks.Messaging;
using Trellis.Tests;

// Messages from a transaction in one process to a transaction in another, beside the brokers alone and beside what the database can commit:
//   dotnet run -c Release --project Benchmarks/Messaging [-- --runs 5] [--count 20000] [--only NAME]
// Needs the Debian packages that docs/benchmarks.md names. The disk counts: fsync and synchronous_commit are on.
var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

var repository = RepositoryRoot();
using (var build = Process.Start("dotnet", ["build", Path.Combine(repository, "Benchmarks", "Messaging", "Station"), "-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary"]))
{
    await build.WaitForExitAsync();
    if (build.ExitCode != 0)
    {
        return build.ExitCode;
    }
}

try
{
    await using var postgres = await PostgresServer.StartAsync(durable: true);
    var station = Path.Combine(repository, "artifacts", "bin", "Station", "release", "Trellis.Benchmarks.Station");
    var overPostgres = new Stations(station, postgres, async () => postgres.ConnectionString(await postgres.CreateDatabaseAsync()), options.Count);
    Contender[] all =
    [
        new("PostgreSQL, outbox and inbox", overPostgres.ThroughOutboxAndInboxAsync, "PostgreSQL alone"),
        new("PostgreSQL alone", overPostgres.DirectAsync),
        new("pgbench, two rows a commit", new Pgbench(postgres).MeasureAsync),
    ];
    var contenders = all.Where(contender => options.Only is null || contender.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)).ToList();
    var report = new Report(contenders);
    for (var run = 1; run <= options.Runs; run++)
    {
        foreach (var contender in contenders)
        {
            Console.Error.WriteLine($"run {run} of {options.Runs}: {contender.Name} ...");
            report.Add(contender, await contender.Measure());
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
