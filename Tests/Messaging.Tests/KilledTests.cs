using System.Diagnostics;
using Xunit.Abstractions;

namespace Trellis.Messaging.Tests;

/// <summary>
/// A teller and two replicas of the ledger move money while everything is killed, again and again. TRELLIS_SEED repeats a schedule; with
/// TRELLIS_LONG_TESTS=1 it takes as long as 100,000 messages and 50 kills need.
/// </summary>
public abstract class KilledTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1";

    private static readonly string[] TellerFaults = [FaultPoint.RelayBetweenPublishAndCommit, FaultPoint.ConsumerBetweenHandlerAndCommit];

    private static readonly string[] LedgerFaults =
        [FaultPoint.ConsumerBetweenHandlerAndCommit, FaultPoint.ConsumerBetweenCommitAndAcknowledgement, FaultPoint.RelayBetweenPublishAndCommit];

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("TRELLIS_SEED"), out var seed) ? seed : Random.Shared.Next();
    private PostgresServer _services = null!;
    private IKillableBroker _broker = null!;
    private string _teller = null!;
    private string _ledger = null!;

    /// <summary>Where a test tells what it did.</summary>
    protected ITestOutputHelper Output { get; } = output;

    /// <summary>Starts the broker between them.</summary>
    internal abstract Task<IKillableBroker> StartBrokerAsync();

    public async Task InitializeAsync()
    {
        _services = await PostgresServer.StartAsync(durable: true);
        _broker = await StartBrokerAsync();
        _teller = $"teller_{Guid.NewGuid():N}";
        _ledger = $"ledger_{Guid.NewGuid():N}";
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    [BrokerFact]
    public async Task Every_committed_message_takes_effect_once_and_in_order_whoever_is_killed()
    {
        Output.WriteLine($"TRELLIS_SEED={_seed}");
        await BankProcess.PrepareAsync("teller", Settings(_teller));
        await BankProcess.PrepareAsync("ledger", Settings(_ledger));
        await using var teller = new BankProcess("teller", Settings(_teller));
        await using var ledger1 = new BankProcess("ledger", Settings(_ledger));
        await using var ledger2 = new BankProcess("ledger", Settings(_ledger));
        BankProcess[] processes = [teller, ledger1, ledger2];

        var serverDeaths = await KillForAWhileAsync(processes, new Random(_seed));
        foreach (var process in processes)
        {
            await process.KillAsync();
            process.Start(rate: "0");
        }

        try
        {
            await Eventually.TrueAsync(IsDrainedAsync, $"not everything arrived; TRELLIS_SEED={_seed}", seconds: IsLong ? 900 : 120);
        }
        catch (TimeoutException)
        {
            foreach (var line in processes.SelectMany(process => process.LastOutput))
            {
                Output.WriteLine(line);
            }

            throw;
        }

        var transfers = await CountAsync(_services, _teller, "transfers");
        Output.WriteLine($"{transfers} transfers, {2 * transfers} messages; kills: teller {teller.Deaths}, ledger {ledger1.Deaths} and {ledger2.Deaths}, servers {serverDeaths}");
        await AssertNothingIsWrongAsync(transfers);
    }

    private async Task<int> KillForAWhileAsync(BankProcess[] processes, Random random)
    {
        var deaths = 0;
        var clock = Stopwatch.StartNew();
        for (var number = 0; number < processes.Length; number++)
        {
            processes[number].Start(FaultFor(number, random));
        }

        while (!await IsEnoughAsync(clock, processes.Sum(process => process.Deaths) + deaths))
        {
            await Task.Delay(random.Next(300, 2000));
            switch (random.Next(8))
            {
                case 0:
                    await _services.KillAsync();
                    await Task.Delay(random.Next(1500));
                    await _services.RestartAsync();
                    deaths++;
                    break;
                case 1:
                    await _broker.KillAsync();
                    await Task.Delay(random.Next(1500));
                    await _broker.RestartAsync();
                    deaths++;
                    break;
                case 2:
                    // Longer than its lease: what it holds goes to the other, and then it wakes and goes on with it.
                    await processes[random.Next(1, processes.Length)].FreezeAsync(TimeSpan.FromSeconds(3.5));
                    break;
                case < 6:
                    await processes[random.Next(processes.Length)].KillAsync();
                    break;
                default:
                    // Time for those that die at their fault points.
                    await Task.Delay(1000);
                    break;
            }

            for (var number = 0; number < processes.Length; number++)
            {
                var fault = FaultFor(number, random);
                if (!processes[number].Runs)
                {
                    await processes[number].KillAsync();
                    processes[number].Start(fault);
                }
            }
        }

        return deaths;
    }

    private async Task<bool> IsEnoughAsync(Stopwatch clock, int deaths) => IsLong
        ? deaths >= 50 && 2 * await CountAsync(_services, _teller, "transfers") >= 100_000
        : clock.Elapsed > TimeSpan.FromSeconds(50);

    private static string FaultFor(int number, Random random)
    {
        var points = number == 0 ? TellerFaults : LedgerFaults;
        var point = points[random.Next(points.Length)];
        return $"{point}:{(point == FaultPoint.RelayBetweenPublishAndCommit ? random.Next(20, 200) : random.Next(100, 1000))}";
    }

    private async Task<bool> IsDrainedAsync() =>
        await CountAsync(_services, _teller, "outbox_messages") == 0
        && await CountAsync(_services, _ledger, "outbox_messages") == 0
        && await CountAsync(_services, _teller, "bookings") == await CountAsync(_services, _teller, "transfers")
        && await _broker.CountWaitingAsync() == 0
        && await CountAsync(_services, _teller, "outbox_messages") == 0;

    private async Task AssertNothingIsWrongAsync(long transfers)
    {
        Assert.True(transfers > 0);
        Assert.Equal(0, await _broker.CountDeadLettersAsync());
        Assert.Equal(0, await CountAsync(_services, _teller, "violations"));
        Assert.Equal(0, await CountAsync(_services, _ledger, "violations"));
        Assert.Equal((transfers, transfers), (await CountAsync(_services, _ledger, "entries"), await CountAsync(_services, _ledger, "(SELECT DISTINCT \"TransferId\" FROM entries) e")));
        Assert.Equal((transfers, transfers), (await CountAsync(_services, _teller, "bookings"), await CountAsync(_services, _teller, "(SELECT DISTINCT \"TransferId\" FROM bookings) b")));
        Assert.Equal(20 * 1_000_000L, Convert.ToInt64(await _services.ExecuteAsync(_ledger, "SELECT sum(\"Balance\") FROM accounts")));
        Assert.Equal(transfers, Convert.ToInt64(await _services.ExecuteAsync(_ledger, "SELECT sum(\"LastNumber\") FROM accounts")));
    }

    private static async Task<long> CountAsync(PostgresServer server, string database, string table)
        => (long)(await server.ExecuteAsync(database, $"SELECT count(*) FROM {table}"))!;

    private Dictionary<string, string> Settings(string database) => new()
    {
        ["ConnectionStrings__database"] = _services.ConnectionString(database),
        ["ConnectionStrings__broker"] = _broker.ConnectionString,
        ["Messaging__Lease"] = "00:00:03",
        ["Messaging__PollInterval"] = "00:00:00.500",
        ["Rate"] = IsLong ? "500" : "200",
        ["Logging__LogLevel__Microsoft"] = "Critical",
    };
}
