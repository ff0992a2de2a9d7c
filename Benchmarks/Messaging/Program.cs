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
    await using var rabbit = RabbitServer.Missing is null ? await RabbitServer.StartAsync() : null;
    if (rabbit is null)
    {
        Console.Error.WriteLine($"RabbitMQ is left out: {RabbitServer.Missing}");
    }

    string[] station = [Path.Combine(repository, "artifacts", "bin", "Station", "release", "Trellis.Benchmarks.Station")];
    string[] aioPika = ["/usr/bin/python3", Path.Combine(repository, "Benchmarks", "Messaging", "Peers", "aio_pika_station.py")];
    var overPostgres = new Stations(station, postgres, async () => postgres.ConnectionString(await postgres.CreateDatabaseAsync()), options.Count);
    List<Contender> all =
    [
        new("PostgreSQL, outbox and inbox", overPostgres.ThroughOutboxAndInboxAsync, "PostgreSQL alone"),
        new("PostgreSQL alone", overPostgres.DirectAsync),
        new("pgbench, two rows a commit", new Pgbench(postgres).MeasureAsync),
    ];
    if (rabbit is not null)
    {
        var overRabbit = new Stations(station, postgres, () => NewHostAsync(rabbit), options.Count);
        var peer = new Stations(aioPika, postgres, () => NewHostAsync(rabbit), options.Count);
        all.InsertRange(0,
        [
            new("RabbitMQ, outbox and inbox", overRabbit.ThroughOutboxAndInboxAsync, "RabbitMQ alone"),
            new("RabbitMQ alone", overRabbit.DirectAsync, "aio-pika, RabbitMQ alone"),
            new("aio-pika, RabbitMQ alone", peer.DirectAsync),
        ]);
    }

    var contenders = all.Where(contender => options.Only is null || contender.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)).ToArray();
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

// Of its own for each run: a queue that is left would go on getting what the next ones send.
static async Task<string> NewHostAsync(RabbitServer rabbit)
{
    var host = $"run-{Guid.NewGuid():N}";
    await rabbit.ControlAsync("add_vhost", host);
    await rabbit.ControlAsync("set_permissions", "--vhost", host, "guest", ".*", ".*", ".*");
    return rabbit.ConnectionString(host);
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
