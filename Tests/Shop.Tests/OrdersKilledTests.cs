using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Trellis.Benchmarks.Load;
using Trellis.Tests;
using Xunit.Abstractions;

namespace Shop.Tests;

/// <summary>
/// Orders come in while everything is killed and the payment provider misbehaves. TRELLIS_SEED repeats a schedule; with TRELLIS_LONG_TESTS=1 ten
/// schedules run, one after the other.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OrdersKilledTests(ITestOutputHelper output)
{
    private static readonly string[] Victims =
        ["ordering", "inventory", "payments", "fulfilment", "payment-provider", "carrier", "broker-process", "cache-process", "postgres-process"];

    /// <summary>Every way in which the provider can be bad, and once all of them.</summary>
    private static readonly JsonObject[] Faults =
    [
        new() { ["latency"] = new JsonObject { ["medianMs"] = 200, ["p99Ms"] = 2000 } },
        new() { ["errorRate"] = 0.3 },
        new() { ["timeoutRate"] = 0.3, ["timeoutMs"] = 3000 },
        new() { ["duplicateCallbackRate"] = 0.5, ["lateCallbackRate"] = 0.5, ["lateCallbackMs"] = 2000 },
        new() { ["latency"] = new JsonObject { ["medianMs"] = 50, ["p99Ms"] = 500 }, ["errorRate"] = 0.1, ["timeoutRate"] = 0.1, ["timeoutMs"] = 2000, ["duplicateCallbackRate"] = 0.3 },
        [],
    ];

    private static int Runs => Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 10 : 1;

    [Fact]
    public async Task Every_accepted_order_comes_to_its_end_once_whoever_is_killed()
    {
        for (var run = 0; run < Runs; run++)
        {
            var seed = int.TryParse(Environment.GetEnvironmentVariable("TRELLIS_SEED"), out var given) ? given : Random.Shared.Next();
            output.WriteLine($"TRELLIS_SEED={seed}");
            await RunAsync(seed);
        }
    }

    private async Task RunAsync(int seed)
    {
        await using var shop = await KillableShop.StartAsync();
        await shop.StockIsKnownAsync();
        var pieces = await shop.QueryAsync<decimal>("inventorydb", "SELECT sum(on_hand) FROM stock");
        var options = new LoadOptions { Gateway = shop.Gateway, Rate = 20, Seconds = 60, Seed = seed, Declined = 10, Cancelled = 10, Patience = 180 };
        using var client = new ShopClient(options);
        var load = new OrderLoad(options, client);
        var ordering = load.RunAsync(CancellationToken.None);

        var kills = await KillAsync(shop, new Random(seed), TimeSpan.FromSeconds(options.Seconds));
        await ordering;

        var accepted = load.Placed.Where(order => order.Id is not null).ToArray();
        output.WriteLine($"{load.Due} orders due, {accepted.Length} accepted, {client.Retries} requests sent again; "
            + string.Join(", ", accepted.CountBy(order => order.Status ?? "unknown").Select(status => $"{status.Value} {status.Key}"))
            + $"; kills: {string.Join(", ", kills.CountBy(victim => victim).Select(victim => $"{victim.Key} {victim.Value}"))}");
        Assert.True(accepted.Length > options.Rate * options.Seconds / 2, $"Only {accepted.Length} orders of {load.Due} were accepted");
        await AssertNothingIsWrongAsync(shop, client, accepted, pieces);
    }

    private async Task<List<string>> KillAsync(KillableShop shop, Random random, TimeSpan duration)
    {
        List<string> kills = [];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration;)
        {
            await Task.Delay(random.Next(500, 2500));
            await MisbehaveAsync(shop, Faults[random.Next(Faults.Length)]);
            var victim = Victims[random.Next(Victims.Length)];
            output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s: {victim}");
            kills.Add(victim);
            await shop.KillAsync(victim);
            await Task.Delay(random.Next(1500));
            await shop.StartAsync(victim);
        }

        await MisbehaveAsync(shop, []);
        foreach (var victim in Victims)
        {
            await shop.HealthyAsync(victim);
        }

        return kills;
    }

    // A provider that starts again is good again, and may not be there to be told.
    private static async Task MisbehaveAsync(KillableShop shop, JsonObject faults)
    {
        using var provider = shop.Client("payment-provider");
        try
        {
            using var answer = await provider.PutAsJsonAsync("/v1/faults", faults);
        }
        catch (HttpRequestException)
        {
        }
    }

    private static async Task AssertNothingIsWrongAsync(KillableShop shop, ShopClient client, PlacedOrder[] accepted, decimal pieces)
    {
        Assert.DoesNotContain(accepted, order => order.ToFinal is null);

        // Those too whose answer the client never got.
        const string Unfinished = "SELECT count(*) FROM orders WHERE status NOT IN ('Completed', 'Rejected', 'Cancelled')";
        await Eventually.TrueAsync(async () => await shop.QueryAsync<long>("orderingdb", Unfinished) == 0, "An order did not come to its end", seconds: 120);
        Assert.Equal(accepted.Length, accepted.DistinctBy(order => order.Id).Count());

        // Pieces: what has left the house is what completed orders hold, and no other is missing.
        await Eventually.TrueAsync(async () => await shop.QueryAsync<decimal>("inventorydb", "SELECT sum(reserved) FROM stock") == 0, "Pieces are still reserved", seconds: 60);
        Assert.Equal(pieces, await shop.QueryAsync<decimal>("inventorydb", "SELECT sum(on_hand + shipped) FROM stock"));
        Assert.Equal(
            await shop.QueryAsync<decimal>(
                "orderingdb",
                "SELECT coalesce(sum((line ->> 'quantity')::int), 0)::numeric FROM orders, jsonb_array_elements(document -> 'lines') line WHERE status = 'Completed'"),
            await shop.QueryAsync<decimal>("inventorydb", "SELECT sum(shipped) FROM stock"));

        // Money: by the provider's own books, each completed order is paid for once, and no other.
        var total = await shop.QueryAsync<decimal>(
            "orderingdb", "SELECT coalesce(sum((document -> 'total' ->> 'amount')::bigint), 0)::numeric FROM orders WHERE status = 'Completed'");
        var movements = await LedgerAsync(shop);
        Assert.Equal(total, movements.Sum(Taken));
        Assert.All(movements.Where(movement => Taken(movement) > 0).CountBy(movement => (string)movement["reference"]!), charges => Assert.Equal(1, charges.Value));

        foreach (var (service, endpoint) in new[] { ("ordering", "http"), ("inventory", "management"), ("payments", "http"), ("fulfilment", "management"), ("catalog", "http") })
        {
            using var asked = shop.Client(service, endpoint);
            Assert.Empty((await Answers.JsonAsync(await asked.GetAsync("/dead-letters"))).AsArray());
        }

        Assert.Equal(0L, await shop.QueryAsync<long>(
            "orderingdb", "SELECT count(*) FROM (SELECT stream_id FROM events GROUP BY stream_id HAVING count(DISTINCT split_part(trace_parent, '-', 2)) > 1) torn"));
    }

    // In minor units; less than nothing is given back.
    private static long Taken(JsonNode movement) => (long)movement["amount"]!;

    private static async Task<IReadOnlyList<JsonNode>> LedgerAsync(KillableShop shop)
    {
        using var provider = shop.Client("payment-provider");
        List<JsonNode> movements = [];
        for (long? after = 0; after is not null;)
        {
            var page = await Answers.JsonAsync(await provider.GetAsync($"/v1/ledger?after={after}&limit=1000"));
            movements.AddRange(page["entries"]!.AsArray().OfType<JsonNode>());
            after = (long?)page["next"];
        }

        return movements;
    }
}
