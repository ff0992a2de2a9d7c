using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Trellis.Benchmarks.Load;

/// <summary>Places orders at a rate, whether or not the shop keeps up, and follows each to its end.</summary>
public sealed class OrderLoad(LoadOptions options, ShopClient shop)
{
    private static readonly string[] Final = ["Completed", "Rejected", "Cancelled"];

    private readonly ConcurrentQueue<PlacedOrder> _placed = new();
    private int _due;

    /// <summary>Orders that were due until now.</summary>
    public int Due => Volatile.Read(ref _due);

    /// <summary>Orders that came to their end, or will not.</summary>
    public IReadOnlyCollection<PlacedOrder> Placed => _placed;

    /// <summary>Places the orders and waits for the end of each. Cancelled, it places no more and stops waiting.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var products = await shop.ProductsAsync(cancellationToken);
        if (products.Count == 0)
        {
            throw new InvalidOperationException("The catalog has no product that can be ordered.");
        }

        var random = new Random(options.Seed);
        var clock = Stopwatch.StartNew();
        List<Task> orders = [];
        var total = (int)(options.Rate * options.Seconds);
        for (var number = 0; number < total && !cancellationToken.IsCancellationRequested; number++)
        {
            var due = TimeSpan.FromSeconds(number / options.Rate);
            if (due - clock.Elapsed is { Ticks: > 0 } early)
            {
                await Task.Delay(early, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Interlocked.Increment(ref _due);
            orders.Add(FollowAsync(NewOrder(random, products), random.Next(100) < options.Cancelled, due, clock, cancellationToken));
        }

        await Task.WhenAll(orders);
    }

    private JsonObject NewOrder(Random random, IReadOnlyList<Guid> products)
    {
        var lines = new JsonArray();
        foreach (var product in random.GetItems([.. products], random.Next(1, 4)).Distinct())
        {
            lines.Add(new JsonObject { ["productId"] = product, ["quantity"] = random.Next(1, 3) });
        }

        return new JsonObject
        {
            ["lines"] = lines,
            ["shippingAddress"] = new JsonObject
            {
                ["name"] = "Ada Example",
                ["street"] = "1 Example Street",
                ["postalCode"] = "10115",
                ["city"] = "Berlin",
                ["country"] = "DE",
            },
            ["paymentToken"] = random.Next(100) < options.Declined ? "tok_declined" : "tok_visa",
        };
    }

    private async Task FollowAsync(JsonObject order, bool cancel, TimeSpan due, Stopwatch clock, CancellationToken cancellationToken)
    {
        var placed = new PlacedOrder(null, "not answered", due, TimeSpan.Zero);
        try
        {
            using var response = await shop.OrderAsync(Guid.NewGuid(), order, cancellationToken);
            placed = placed with { Answer = $"{(int)response.StatusCode}", Posting = clock.Elapsed - due };
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                var id = (Guid)(await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["id"]!;
                placed = placed with { Id = id };
                if (cancel)
                {
                    using var answer = await shop.CancelAsync(id, cancellationToken);
                }

                placed = await UntilFinalAsync(placed, id, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            placed = placed with { Answer = failure.GetType().Name };
        }

        _placed.Enqueue(placed);
    }

    // The times are those of the timeline: asking costs the shop something, so it is asked less and less often.
    private async Task<PlacedOrder> UntilFinalAsync(PlacedOrder placed, Guid id, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(options.Patience);)
        {
            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            var order = await shop.FindAsync(id, cancellationToken);
            placed = placed with { Status = (string)order["status"]! };
            if (Final.Contains(placed.Status, StringComparer.Ordinal))
            {
                var times = order["timeline"]!.AsArray().Select(entry => (DateTimeOffset)entry!["at"]!).ToArray();
                return placed with { ToFinal = times[^1] - times[0], EndedAt = times[^1] };
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, TimeSpan.TicksPerSecond * 2));
        }

        return placed;
    }
}
