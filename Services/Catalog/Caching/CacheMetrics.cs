using System.Diagnostics.Metrics;
using StackExchange.Redis;

namespace Shop.Catalog.Caching;

/// <summary>The one connection to Redis that all requests share, which has no metrics of its own: whether it is there, and how much waits for it.</summary>
internal sealed class CacheMetrics(IMeterFactory meters)
{
    public const string MeterName = "Shop.Catalog.Cache";

    public void Observe(IConnectionMultiplexer redis)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("redis.client.connection.up", () => redis.IsConnected ? 1 : 0, description: "Whether Redis is connected.");
        meter.CreateObservableUpDownCounter(
            "redis.client.commands.outstanding", () => redis.GetCounters().TotalOutstanding, "{command}", "Commands not answered yet.");
        meter.CreateObservableCounter("redis.client.commands", () => redis.OperationCount, "{command}", "Commands sent.");
    }
}
