using System.Globalization;
using Trellis.Benchmarks.Load;
using Trellis.Tests;

namespace Trellis.Benchmarks.Orders;

/// <summary>One start of the shop, and what it did.</summary>
/// <param name="Posting">Times of the POST at the steady rate, in milliseconds, in order.</param>
/// <param name="Completing">Times to Completed at the steady rate, in milliseconds, in order.</param>
/// <param name="Cpu">What an order costs at the steady rate in each program, in milliseconds.</param>
/// <param name="RowsPerOrder">Rows written in all databases at the steady rate, per order.</param>
/// <param name="CommitsPerOrder">Transactions at the steady rate, per order; those that only read count too.</param>
/// <param name="AcceptedPerSecond">While more orders are due than can be taken.</param>
/// <param name="CompletedPerSecond">The same, from the first order that was placed to the last that was completed.</param>
/// <param name="Limit">How many orders' rows pgbench writes in a second on the same server.</param>
internal sealed record OrdersRun(
    double[] Posting,
    double[] Completing,
    IReadOnlyDictionary<string, double> Cpu,
    double RowsPerOrder,
    double CommitsPerOrder,
    double AcceptedPerSecond,
    double CompletedPerSecond,
    double Limit)
{
    /// <summary>What the table says of it.</summary>
    public static readonly (string Name, Func<OrdersRun, double?> Value, string Format)[] Rows =
    [
        ("POST p50, ms", run => At(run.Posting, 0.5), "0.0"),
        ("POST p99, ms", run => At(run.Posting, 0.99), "0.0"),
        ("to Completed p50, ms", run => At(run.Completing, 0.5), "0"),
        ("to Completed p99, ms", run => At(run.Completing, 0.99), "0"),
        ("CPU per order, ms", run => run.Cpu.Where(program => Orders.Cpu.IsOfTheShop(program.Key)).Sum(program => program.Value), "0.0"),
        ("rows written per order", run => run.RowsPerOrder, "0.0"),
        ("transactions per order", run => run.CommitsPerOrder, "0.0"),
        ("accepted per second, at most", run => run.AcceptedPerSecond, "0"),
        ("completed per second, at most", run => run.CompletedPerSecond, "0"),
        ("of what pgbench writes", run => run.CompletedPerSecond / run.Limit, "0.000"),
    ];

    private const int WarmUpRate = 20;
    private const int WarmUpSeconds = 60;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<OrdersRun> MeasureAsync(string appHost, string dataRoot, int replicas, Options options)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true" };
        await using var run = AppHostProcess.Start(
            appHost, dataRoot, arguments: [string.Create(CultureInfo.InvariantCulture, $"--Replicas={replicas}")], environment: environment);
        await run.WaitForLineAsync("All resources are running and healthy", Deadline);
        await StockIsKnownAsync(run.GatewayUrl);
        var server = ShopServer.Of(run);

        // Most of the first orders' time is the compiler's: it takes thousands of them until all that is used often is as fast as it gets.
        await PlaceAsync(run, WarmUpRate, WarmUpSeconds);

        var (before, cpuBefore) = (await server.WrittenAsync(), Orders.Cpu.Of(run));
        var (steady, _) = await PlaceAsync(run, options.Rate, options.Seconds);
        var (after, cpuAfter) = (await server.WrittenAsync(), Orders.Cpu.Of(run));
        var orders = (double)steady.Count;
        var rowsPerOrder = (after.Rows - before.Rows) / orders;
        var commitsPerOrder = (after.Commits - before.Commits) / orders;

        // Before the services have as many connections as there may be.
        var limit = await server.RowsPerSecondAsync(Math.Max(1, (int)Math.Round(rowsPerOrder / commitsPerOrder)));

        var (most, _) = await PlaceAsync(run, options.MostRate, options.Seconds);
        var accepted = most.Where(order => order.Id is not null).ToArray();
        var completed = most.Where(order => order.Status == "Completed").ToArray();
        var first = most.Min(order => order.DueAt);
        return new OrdersRun(
            Sorted(steady.Where(order => order.Id is not null).Select(order => order.Posting)),
            Sorted(steady.Where(order => order.Status == "Completed").Select(order => order.ToFinal!.Value)),
            cpuAfter.ToDictionary(program => program.Key, program => (program.Value - cpuBefore.GetValueOrDefault(program.Key)).TotalMilliseconds / orders),
            rowsPerOrder,
            commitsPerOrder,
            accepted.Length / (accepted.Max(order => order.DueAt + order.Posting) - first).TotalSeconds,
            completed.Length / (completed.Max(order => order.EndedAt!.Value) - completed.Min(order => order.EndedAt!.Value - order.ToFinal!.Value)).TotalSeconds,
            limit / rowsPerOrder);
    }

    private static async Task<(IReadOnlyCollection<PlacedOrder> Orders, long Retries)> PlaceAsync(AppHostProcess run, int rate, int seconds)
    {
        var options = new LoadOptions { Gateway = run.GatewayUrl, Rate = rate, Seconds = seconds, Patience = 180 };
        using var shop = new ShopClient(options);
        var load = new OrderLoad(options, shop);
        await load.RunAsync(CancellationToken.None);
        var unfinished = load.Placed.Count(order => order.ToFinal is null);
        return unfinished == 0
            ? (load.Placed, shop.Retries)
            : throw new InvalidOperationException($"{unfinished} of {load.Due} orders did not come to their end.");
    }

    private static async Task StockIsKnownAsync(Uri gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        await Eventually.TrueAsync(
            async () => !(await http.GetStringAsync("/api/catalog/products?pageSize=100")).Contains("\"available\":null", StringComparison.Ordinal),
            "The inventory did not tell of the stock",
            Deadline.TotalSeconds);
    }

    private static double[] Sorted(IEnumerable<TimeSpan> times) => [.. times.Select(time => time.TotalMilliseconds).Order()];

    private static double At(double[] sorted, double part) => sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
}
