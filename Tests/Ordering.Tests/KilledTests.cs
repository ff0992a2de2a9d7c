using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Payments.Contract;

namespace Shop.Ordering.Tests;

/// <summary>Orders go on when what they run on is killed.</summary>
public sealed class KilledTests
{
    private const int Orders = 200;

    [Fact]
    public async Task A_database_that_is_killed_under_orders_loses_none_and_does_nothing_twice()
    {
        await using var postgres = await PostgresServer.StartAsync();

        // What a consumer had in hand when the broker went away comes again when its lease is over.
        await using var ordering = new OrderingApp(
            postgres, await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync(), await Shelf.StartAsync(), [("Messaging:Lease", "00:00:02")]);
        await ordering.BecomesReadyAsync();
        await using var replica = await ordering.ReplicateAsync();
        await using var others = await Others.StartAsync(ordering);
        others.Serve(_ => true);
        using var second = replica.As("tester");

        var placing = PlaceAllAsync(ordering.Shelf.Add(), key => key % 2 == 0 ? ordering.Customer : second, out var placed);
        for (var kill = 1; kill <= 3; kill++)
        {
            var enough = kill * Orders / 5;
            await Eventually.TrueAsync(() => placed.Count(id => id is not null) >= enough, $"Not even {enough} orders were taken", seconds: 60);
            await postgres.KillAsync();
            await postgres.RestartAsync();
        }

        await placing;
        await EndsWellAsync(ordering, others, placed);
        Assert.Equal(0L, await postgres.ExecuteAsync(ordering.Broker, "SELECT count(*) FROM trellis.dead_letters"));
    }

    [Fact]
    public async Task Ordering_that_is_killed_under_orders_loses_none_and_does_nothing_twice()
    {
        await using var postgres = await PostgresServer.StartAsync();

        // In this process only to be asked afterwards; it takes part in nothing.
        await using var reader = new OrderingApp(postgres, await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync(), await Shelf.StartAsync(), []);
        await reader.BecomesReadyAsync();
        await using var others = await Others.StartAsync(reader);
        others.Serve(_ => true);
        await reader.Services.GetRequiredService<IHost>().StopAsync();
        var process = await StartAsync(reader);
        try
        {
            var placing = PlaceAllAsync(reader.Shelf.Add(), _ => process.Http, out var placed);
            for (var kill = 1; kill <= 4; kill++)
            {
                var enough = kill * Orders / 6;
                await Eventually.TrueAsync(() => placed.Count(id => id is not null) >= enough, $"Not even {enough} orders were taken", seconds: 60);
                var killed = process;
                await killed.DisposeAsync();
                process = await StartAsync(reader);
            }

            await placing;
            await EndsWellAsync(reader, others, placed);
            Assert.Equal(0L, await postgres.ExecuteAsync(reader.Broker, "SELECT count(*) FROM trellis.dead_letters"));
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    private static async Task<DeployedProcess> StartAsync(OrderingApp like)
    {
        var settings = new Dictionary<string, string>(TestTokens.Settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:orderingdb"] = like.Postgres.ConnectionString(like.Database),
            ["ConnectionStrings:broker"] = like.Postgres.ConnectionString(like.Broker),
            ["services:catalog:http:0"] = like.Shelf.Address,
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Messaging:Lease"] = "00:00:02",
        };
        var process = await DeployedProcess.StartAsync(typeof(Program).Assembly.Location, settings);
        process.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Mint("orders"));
        return process;
    }

    /// <summary>Places the orders, some at a time, each with one key for as often as it takes.</summary>
    private static Task PlaceAllAsync(Guid product, Func<int, HttpClient> client, out Guid?[] placed)
    {
        var ids = placed = new Guid?[Orders];
        var body = OrderingApp.Order(product).ToJsonString();
        var keys = ids.Select(_ => Guid.NewGuid().ToString()).ToArray();
        return Parallel.ForEachAsync(Enumerable.Range(0, Orders), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (order, cancellationToken) =>
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Post, OrderingApp.Orders) { Content = JsonContent.Create(JsonNode.Parse(body)) };
                        request.Headers.Add("Idempotency-Key", keys[order]);
                        using var response = await client(order).SendAsync(request, cancellationToken);
                        if (response.StatusCode != HttpStatusCode.Accepted)
                        {
                            return false;
                        }

                        ids[order] = (Guid)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!["id"]!;
                        return true;
                    }
                    catch (Exception gone) when (gone is HttpRequestException or ObjectDisposedException or TaskCanceledException)
                    {
                        return false;
                    }
                },
                $"Order {order} was not taken",
                seconds: 120));
    }

    private static async Task EndsWellAsync(OrderingApp ordering, Others others, Guid?[] placed)
    {
        Assert.Equal(Orders, placed.Distinct().Count());
        await Eventually.TrueAsync(
            async () => (long)(await ordering.SqlAsync("SELECT count(*) FROM orders WHERE status = 'Completed'"))! == Orders, "Not every order was completed", seconds: 120);

        // One order for each key and no others, and for each of them every message once.
        Assert.Equal((long)Orders, await ordering.SqlAsync("SELECT count(*) FROM orders"));
        Assert.Equal(Orders * 5L, await ordering.SqlAsync("SELECT count(*) FROM events"));
        await others.AllIsHandledAsync();
        foreach (var id in placed)
        {
            Assert.Equal(
                [nameof(CapturePayment), nameof(CommitStock), nameof(OrderCompleted), nameof(OrderSubmitted), nameof(ReserveStock), nameof(ShipOrder)],
                others.About(id!.Value).Select(message => message.GetType().Name).Order(StringComparer.Ordinal));
        }
    }
}
