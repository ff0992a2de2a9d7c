using System.Globalization;
using Xunit.Abstractions;

namespace Shop.Payments.Tests;

/// <summary>Payments go on when what they run on is killed.</summary>
public sealed class KilledTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_of_payments_provider_and_database_lose_no_order_and_charge_none_twice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TRELLIS_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"TRELLIS_SEED={seed}");
        var random = new Random(seed);
        var kills = Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 60 : 6;
        await using var postgres = await PostgresServer.StartAsync();
        await using var system = await PaymentsSystem.StartAsync(postgres, provider: false, app: false);
        await using var first = new PaymentsProcess();
        await using var second = new PaymentsProcess();
        PaymentsProcess[] replicas = [first, second];
        var settings = system.Settings();
        await system.Provider.StartAsync(first.Callbacks);
        await Task.WhenAll(replicas.Select(replica => replica.StartAsync(settings)));
        var orders = new List<Guid>();
        string[] tokens = ["tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_pending"];

        for (var kill = 0; kill < kills; kill++)
        {
            await MisbehaveAsync(system.Provider, random);
            var some = Enumerable.Range(0, 40).Select(_ => new Guid(Bytes(random))).ToArray();
            orders.AddRange(some);
            await system.Orders.SendAsync(some.SelectMany(order => CommandsFor(order, tokens[random.Next(tokens.Length)], random)));
            var answered = orders.Count - random.Next(1, some.Length);
            await Eventually.TrueAsync(() => orders.Count(order => system.Orders.To(order).Count > 0) >= answered, $"Not even {answered} orders were answered", seconds: 120);
            await KillAsync(random.Next(5));
        }

        await system.Provider.SwitchAsync(new { });
        foreach (var order in orders)
        {
            await system.Orders.AnswersToAsync(order);
        }

        await system.IsConsistentAsync(orders);

        async Task KillAsync(int victim)
        {
            if (victim < 2)
            {
                await replicas[victim].KillAsync();
                await replicas[victim].StartAsync(settings);
            }
            else if (victim < 4)
            {
                await system.Provider.KillAsync();
                await system.Provider.StartAsync(first.Callbacks);
            }
            else
            {
                await postgres.KillAsync();
                await postgres.RestartAsync();
            }
        }
    }

    [Fact]
    public async Task A_replica_that_sleeps_longer_than_its_lease_does_no_harm_when_it_wakes_up()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var system = await PaymentsSystem.StartAsync(postgres, app: false);
        await system.Provider.SwitchAsync(new { latency = new { medianMs = 300, p99Ms = 500 } });
        await using var sleeper = new PaymentsProcess();
        await using var other = new PaymentsProcess();
        await sleeper.StartAsync(system.Settings());
        var orders = Enumerable.Range(0, 30).Select(_ => Guid.NewGuid()).ToArray();
        await system.Orders.SendAsync(orders.Select(order => Orders.Capture(order)));
        await Eventually.TrueAsync(async () => (await system.Provider.LedgerAsync()).Count > 0, "Nothing was charged");

        await sleeper.FreezeAsync();
        await other.StartAsync(system.Settings());
        await system.Orders.SendAsync(orders.Where((_, index) => index % 2 == 0).Select(Orders.Refund));
        foreach (var order in orders)
        {
            await system.Orders.AnswersToAsync(order);
        }

        await sleeper.ThawAsync();
        await Eventually.TrueAsync(
            () => orders.Where((_, index) => index % 2 == 0).All(order => system.Orders.To(order) is [.., Contract.PaymentRefunded]), "Orders were not refunded", seconds: 60);
        await system.IsConsistentAsync(orders);
    }

    private static IEnumerable<object> CommandsFor(Guid order, string token, Random random)
    {
        if (random.Next(20) > 0)
        {
            yield return Orders.Capture(order, token, amount: random.Next(1, 100_000));
        }

        if (random.Next(10) == 0)
        {
            yield return Orders.Capture(order, token, amount: 1);
        }

        // Without a capture the order is one that was cancelled early.
        if (random.Next(3) == 0)
        {
            yield return Orders.Refund(order);
        }
        else
        {
            yield return Orders.Capture(order, token, amount: 500);
        }
    }

    private static Task MisbehaveAsync(ProviderProcess provider, Random random) => provider.SwitchAsync(new
    {
        latency = new { medianMs = random.Next(1, 60), p99Ms = random.Next(60, 900) },
        errorRate = random.NextDouble() * 0.3,
        timeoutRate = random.NextDouble() * 0.2,
        timeoutMs = 1500,
        duplicateCallbackRate = random.NextDouble(),
        lateCallbackRate = random.NextDouble(),
        lateCallbackMs = random.Next(2000),
        pendingMs = random.Next(1000),
    });

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return bytes;
    }
}
