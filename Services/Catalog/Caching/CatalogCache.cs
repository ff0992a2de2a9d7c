using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Shop.Catalog.Caching;

/// <summary>Sets up the cache: HybridCache over the one connection to Redis.</summary>
internal static class CatalogCache
{
    private const int LargestEntry = 1024 * 1024;

    public static IHostApplicationBuilder AddCatalogCache(this IHostApplicationBuilder builder)
    {
        // A cache that does not answer at once is no cache: fail fast and read from the database.
        builder.AddRedisClient("cache", configureOptions: options =>
        {
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ConnectTimeout = 1000;
            options.ConnectRetry = 1;
            options.AsyncTimeout = 500;
            options.SyncTimeout = 500;
            options.ReconnectRetryPolicy = new LinearRetry(500);
        });

        // The service answers without Redis, only slower; to take it out of rotation for that would make an outage of it.
        builder.Services.Configure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == "StackExchange.Redis"))
            {
                check.FailureStatus = HealthStatus.Degraded;
            }
        });

        builder.Services.AddStackExchangeRedisCache(options => options.InstanceName = "catalog:");
        builder.Services.AddOptions<RedisCacheOptions>().Configure<IConnectionMultiplexer>((options, redis) =>
            options.ConnectionMultiplexerFactory = () => Task.FromResult(redis));
        builder.Services.AddHybridCache(options => options.MaximumPayloadBytes = LargestEntry);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CacheStamps>();
        builder.Services.AddSingleton<TaggedCache>();
        builder.AddTelemetrySource(CacheMetrics.MeterName);
        builder.Services.AddSingleton<CacheMetrics>();
        return builder;
    }
}
