using System.Diagnostics;
using System.Globalization;
using Trellis.Tests;

namespace Trellis.Benchmarks.Messaging;

/// <summary>Measures Trellis.Messaging: one process sends, another receives, each with a database of its own.</summary>
/// <param name="program">The built station.</param>
/// <param name="postgres">The server for the databases.</param>
/// <param name="broker">Makes a broker for one run, and returns its connection string.</param>
/// <param name="count">How many messages.</param>
internal sealed class Stations(string program, PostgresServer postgres, Func<Task<string>> broker, int count)
{
    private const int Rate = 200;
    private const int SecondsAtRate = 10;
    private const int WarmUp = 2_000;

    public async Task<Measurement> ThroughOutboxAndInboxAsync()
    {
        await using var pair = await PairAsync("outbox");
        var throughput = await pair.ThroughputAsync(count);
        var latencies = await pair.LatenciesAsync();
        return new Measurement(throughput, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
    }

    public async Task<Measurement> DirectAsync()
    {
        await using var pair = await PairAsync("direct");
        return new Measurement(await pair.ThroughputAsync(count));
    }

    private async Task<Pair> PairAsync(string mode)
    {
        var settings = new Dictionary<string, string> { ["Mode"] = mode, ["ConnectionStrings__broker"] = await broker() };
        var pair = new Pair(program, settings, postgres.ConnectionString(await postgres.CreateDatabaseAsync()), postgres.ConnectionString(await postgres.CreateDatabaseAsync()));
        await pair.PrepareAsync();
        return pair;
    }

    /// <summary>A sender and a receiver.</summary>
    private sealed class Pair(string program, Dictionary<string, string> settings, string sendersDatabase, string receiversDatabase) : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("trellis-benchmark-").FullName;

        public async Task PrepareAsync()
        {
            foreach (var database in (string[])[sendersDatabase, receiversDatabase])
            {
                await using var process = Start("prepare", database, new Dictionary<string, string>());
                await process.EndAsync();
            }
        }

        public async Task<double> ThroughputAsync(int count)
        {
            var (sent, received) = await RunAsync(new Dictionary<string, string> { ["Count"] = Text(count + WarmUp) });
            var first = sent.Skip(WarmUp).Min();
            return count / Stopwatch.GetElapsedTime(first, received.Max()).TotalSeconds;
        }

        public async Task<TimeSpan[]> LatenciesAsync()
        {
            var (sent, received) = await RunAsync(new Dictionary<string, string> { ["Count"] = Text(Rate * SecondsAtRate), ["Rate"] = Text(Rate) });
            return [.. sent.Zip(received, Stopwatch.GetElapsedTime).Skip(Rate).Order()];
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        private async Task<(long[] Sent, long[] Received)> RunAsync(Dictionary<string, string> more)
        {
            await using var receiver = Start("receiver", receiversDatabase, more);
            await receiver.SaysAsync("ready");
            await using var sender = Start("sender", sendersDatabase, more);
            await sender.SaysAsync("ready");
            await sender.GoAsync();
            await sender.SaysAsync("done");
            await receiver.SaysAsync("done");
            await Task.WhenAll(sender.EndAsync(), receiver.EndAsync());
            return (StationProcess.ReadTimes(File("sender")), StationProcess.ReadTimes(File("receiver")));
        }

        private StationProcess Start(string role, string database, Dictionary<string, string> more)
        {
            var own = new Dictionary<string, string> { ["Role"] = role, ["Times"] = File(role), ["ConnectionStrings__database"] = database };
            return StationProcess.Start(program, [], settings.Concat(own).Concat(more).ToDictionary());
        }

        private string File(string role) => Path.Combine(_folder, role);

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
