using System.Globalization;
using Xunit.Abstractions;

namespace Shop.Fulfilment.Tests;

/// <summary>Shipments go on when what they run on is killed.</summary>
public sealed class KilledTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_of_fulfilment_carrier_and_database_lose_no_order_and_ship_none_twice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TRELLIS_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"TRELLIS_SEED={seed}");
        var random = new Random(seed);
        var kills = Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 60 : 6;
        await using var postgres = await PostgresServer.StartAsync();
        await using var system = await FulfilmentSystem.StartAsync(postgres, app: false);
        await using var first = new FulfilmentProcess();
        await using var second = new FulfilmentProcess();
        FulfilmentProcess[] replicas = [first, second];
        var settings = system.Settings();
        await Task.WhenAll(replicas.Select(replica => replica.StartAsync(settings)));
        var orders = new List<Guid>();

        for (var kill = 0; kill < kills; kill++)
        {
            await system.Carrier.SwitchAsync(new
            {
                latencyMs = random.Next(50),
                errorRate = random.NextDouble() * 0.3,
                timeoutRate = random.NextDouble() * 0.2,
                refusalRate = random.NextDouble() * 0.1,
                onItsWayRate = random.NextDouble(),
            });
            var some = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();
            orders.AddRange(some);
            await system.Orders.SendAsync(some.SelectMany(order => CommandsFor(order, random)));
            var answered = orders.Count - random.Next(1, some.Length);
            await Eventually.TrueAsync(() => orders.Count(order => system.Orders.To(order).Count > 0) >= answered, $"Not even {answered} orders were answered", seconds: 120);
            await KillAsync(random.Next(5));
        }

        await system.Carrier.SwitchAsync(new { });
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
                await system.Carrier.KillAsync();
                await system.Carrier.StartAsync();
            }
            else
            {
                await postgres.KillAsync();
                await postgres.RestartAsync();
            }
        }
    }

    private static IEnumerable<object> CommandsFor(Guid order, Random random)
    {
        // Without it, the order is one that was cancelled early.
        if (random.Next(20) > 0)
        {
            yield return Orders.Ship(order);
        }

        if (random.Next(10) == 0)
        {
            yield return Orders.Ship(order);
        }

        yield return random.Next(3) == 0 ? Orders.Cancel(order) : Orders.Ship(order);
    }
}
