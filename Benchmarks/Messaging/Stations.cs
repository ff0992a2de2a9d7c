using System.Diagnostics;
using System.Globalization;
using Trellis.Tests;

namespace Trellis.Benchmarks.Messaging;

/// <summary>Measures Trellis.Messaging: one process sends, another receives, each with a database of its own.</summary>
/// <param name="program">The station's program, and its arguments.</param>
/// <param name="postgres">The server for the databases.</param>
/// <param name="broker">Makes a broker for one run, and returns its connection string.</param>
/// <param name="count">How many messages.</param>
internal sealed class Stations(string[] program, PostgresServer postgres, Func<Task<string>> broker, int count)
{
    private const int Rate = 200;
    private const int AtRate = 10 * Rate;

    /// <summary>.NET goes on compiling what is used often; what is measured comes after.</summary>
    private const int WarmUp = 15_000;

    public async Task<Measurement> ThroughOutboxAndInboxAsync()
    {
        await using var pair = await PairAsync("outbox");
        return await pair.RunAsync(count, AtRate);
    }

    public async Task<Measurement> DirectAsync()
    {
        await using var pair = await PairAsync("direct");
        return await pair.RunAsync(count, 0);
    }

    private async Task<Pair> PairAsync(string mode)
    {
        var settings = new Dictionary<string, string> { ["Mode"] = mode, ["Messaging__Relay"] = mode == "outbox" ? "true" : "false", ["ConnectionStrings__broker"] = await broker() };
        var pair = new Pair(program, settings, postgres.ConnectionString(await postgres.CreateDatabaseAsync()), postgres.ConnectionString(await postgres.CreateDatabaseAsync()));
        if (mode == "outbox")
        {
            await pair.PrepareAsync();
        }

        return pair;
    }

    /// <summary>A sender and a receiver.</summary>
    private sealed class Pair(string[] program, Dictionary<string, string> settings, string sendersDatabase, string receiversDatabase) : IAsyncDisposable
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

        public async Task<Measurement> RunAsync(int count, int atRate)
        {
            var more = new Dictionary<string, string> { ["Count"] = Text(WarmUp + count), ["AtRate"] = Text(atRate), ["Rate"] = Text(Rate) };
            await using var receiver = Start("receiver", receiversDatabase, more);
            await using var sender = Start("sender", sendersDatabase, more);
            StationProcess[] both = [receiver, sender];
            await Task.WhenAll(both.Select(station => station.SaysAsync("ready")));
            for (var stage = 0; stage < 2; stage++)
            {
                await Task.WhenAll(both.Select(station => station.GoAsync()));
                await Task.WhenAll(both.Select(station => station.SaysAsync("done")));
            }

            await Task.WhenAll(both.Select(station => station.EndAsync()));
            var (sent, received) = (StationProcess.ReadTimes(File("sender")), StationProcess.ReadTimes(File("receiver")));
            var took = Stopwatch.GetElapsedTime(sent[WarmUp..(WarmUp + count)].Min(), received[..(WarmUp + count)].Max());
            var latencies = sent[(WarmUp + count)..].Zip(received[(WarmUp + count)..], Stopwatch.GetElapsedTime).Order().ToArray();
            return atRate == 0
                ? new Measurement(count / took.TotalSeconds)
                : new Measurement(count / took.TotalSeconds, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        private StationProcess Start(string role, string database, Dictionary<string, string> more)
        {
            var own = new Dictionary<string, string> { ["Role"] = role, ["Times"] = File(role), ["ConnectionStrings__database"] = database };
            return StationProcess.Start(program[0], program[1..], settings.Concat(own).Concat(more).ToDictionary());
        }

        private string File(string role) => Path.Combine(_folder, role);

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
