using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;

namespace Trellis.Messaging.Tests;

/// <summary>The broker dies under load and stays away for a while; with TRELLIS_LONG_TESTS=1 for a minute.</summary>
public sealed class BrokerAwayTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Writers = 8;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 60 : 8);

    private PostgresServer _services = null!;
    private PostgresServer _broker = null!;

    public async Task InitializeAsync()
    {
        _services = await PostgresServer.StartAsync(durable: true);
        _broker = await PostgresServer.StartAsync(durable: true);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Publishers_are_not_slowed_while_the_broker_is_away_and_everything_arrives_after()
    {
        var queue = await _broker.CreateDatabaseAsync();
        Action<Microsoft.Extensions.Hosting.IHostApplicationBuilder> onBroker = builder => builder.Configuration["ConnectionStrings:broker"] = _broker.ConnectionString(queue);
        await using var sender = await TestService.StartAsync(_services, await _services.CreateDatabaseAsync(), queue, m => m.Publish<ItemAdded>(), onBroker);
        await using var receiver = await TestService.StartAsync(
            _services, await _services.CreateDatabaseAsync(), queue, m => m.Handle<ItemAdded, Recorder<ItemAdded>>(), onBroker, name: "receiver");
        var first = await PublishForAsync(sender, "first", TimeSpan.FromSeconds(1));

        var before = await PublishForAsync(sender, "before", Before);
        await _broker.KillAsync();
        var during = await PublishForAsync(sender, "during", Away);
        await _broker.RestartAsync();
        var after = await PublishForAsync(sender, "after", TimeSpan.FromSeconds(1));
        output.WriteLine($"median, ms: {Median(before):0.00} before, {Median(during):0.00} during, {Median(after):0.00} after; messages: {before.Length}, {during.Length}, {after.Length}");

        // A publisher writes its row, and nothing else: with the broker away there is less to do on the machine, not more.
        Assert.InRange(Median(during), 0, 2 * Median(before));
        await receiver.Seen.CountIsAsync(first.Length + before.Length + during.Length + after.Length, seconds: 120);
        foreach (var writer in receiver.Seen.Of<ItemAdded>().Where(item => item.Name.StartsWith("during", StringComparison.Ordinal)).GroupBy(item => item.Name))
        {
            Assert.Equal(Enumerable.Range(0, writer.Count()), writer.Select(item => item.Number));
        }

        var handled = receiver.Seen.Of<ItemAdded>().CountBy(item => item).ToList();
        Assert.DoesNotContain(handled, item => item.Value > 1);
        Assert.Equal(during.Length, handled.Count(item => item.Key.Name.StartsWith("during", StringComparison.Ordinal)));
    }

    /// <summary>Each writer has its own key, and numbers its messages.</summary>
    /// <returns>How long each took, in milliseconds.</returns>
    private static async Task<double[]> PublishForAsync(TestService sender, string name, TimeSpan duration)
    {
        var took = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var number = 0; clock.Elapsed < duration; number++)
            {
                var started = Stopwatch.GetTimestamp();
                await sender.PublishAsync(new ItemAdded($"{name} {writer}", number), new PublishOptions { PartitionKey = $"{writer}" });
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(10);
            }
        }));
        return [.. took];
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
