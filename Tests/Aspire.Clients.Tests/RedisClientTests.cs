using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using StackExchange.Redis;
using Trellis.Tests;

namespace Aspire.Clients.Tests;

public sealed class RedisClientTests : IAsyncLifetime
{
    private const string Section = "Aspire:StackExchange:Redis";

    private RedisServer _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task The_connection_is_one_and_works()
    {
        using var host = TestHost.Build(builder => builder.AddRedisClient("cache"), ("ConnectionStrings:cache", _redis.ConnectionString));
        await host.StartAsync();
        var connection = host.Services.GetRequiredService<IConnectionMultiplexer>();

        await connection.GetDatabase().StringSetAsync("key", "value");

        Assert.Equal("value", await connection.GetDatabase().StringGetAsync("key"));
        Assert.Same(connection, host.Services.GetRequiredService<IConnectionMultiplexer>());
        await host.StopAsync();
    }

    [Fact]
    public void A_missing_address_is_named_by_every_key_that_would_give_it()
    {
        using var host = TestHost.Build(builder => builder.AddRedisClient("cache"));

        var failure = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());

        Assert.Contains("ConnectionStrings:cache", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Section, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_starts_later_is_found()
    {
        await _redis.KillAsync();
        using var host = TestHost.Build(
            builder => builder.AddRedisClient("cache"), ("ConnectionStrings:cache", _redis.ConnectionString + ",connectTimeout=500,connectRetry=1"));
        await host.StartAsync();
        var connection = host.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.False(connection.IsConnected);

        await _redis.RestartAsync();

        await Eventually.TrueAsync(() => Task.FromResult(connection.IsConnected), "The connection was not made");
        await host.StopAsync();
    }

    [Fact]
    public void Options_come_from_the_string_then_the_section_then_the_name_then_code()
    {
        Assert.Equal(1111, Read(",connectTimeout=1111", []));
        Assert.Equal(2222, Read(",connectTimeout=1111", [($"{Section}:ConfigurationOptions:ConnectTimeout", "2222")]));
        Assert.Equal(3333, Read("", [
            ($"{Section}:ConfigurationOptions:ConnectTimeout", "2222"), ($"{Section}:cache:ConfigurationOptions:ConnectTimeout", "3333")]));
        Assert.Equal(4444, Read("", [($"{Section}:ConfigurationOptions:ConnectTimeout", "2222")], options => options.ConnectTimeout = 4444));

        int Read(string suffix, (string, string)[] settings, Action<ConfigurationOptions>? configure = null)
        {
            using var host = TestHost.Build(
                builder => builder.AddRedisClient("cache", configureOptions: configure),
                [("ConnectionStrings:cache", _redis.ConnectionString + suffix), .. settings]);
            return ConfigurationOptions.Parse(host.Services.GetRequiredService<IConnectionMultiplexer>().Configuration).ConnectTimeout;
        }
    }

    [Fact]
    public async Task Keyed_clients_stand_side_by_side()
    {
        await using var other = await RedisServer.StartAsync();
        using var host = TestHost.Build(
            builder =>
            {
                builder.AddKeyedRedisClient("one");
                Assert.Equal("two", builder.AddKeyedRedisClientBuilder("two").ServiceKey);
            },
            ("ConnectionStrings:one", _redis.ConnectionString), ("ConnectionStrings:two", other.ConnectionString));
        var (one, two) = (
            host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("one"), host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("two"));

        await one.GetDatabase().StringSetAsync("key", "value");

        Assert.True((await two.GetDatabase().StringGetAsync("key")).IsNull);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(["StackExchange.Redis_one", "StackExchange.Redis_two"], report.Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_health_check_follows_the_server()
    {
        using var host = TestHost.Build(builder => builder.AddRedisClient("cache"), ("ConnectionStrings:cache", _redis.ConnectionString));
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Entries["StackExchange.Redis"].Status);

        await _redis.KillAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);

        await _redis.RestartAsync();
        await Eventually.TrueAsync(
            async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy, "The health check did not see the server again");
    }

    [Fact]
    public async Task A_command_is_a_client_span_under_the_span_that_issued_it_without_its_key_and_value()
    {
        var span = Assert.Single(await SpansAsync(), span => span.OperationName == "SET");

        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal("redis", span.GetTagItem("db.system.name"));
        Assert.Equal("SET", span.GetTagItem("db.operation.name"));
        Assert.Equal("0", span.GetTagItem("db.namespace"));
        Assert.Equal("127.0.0.1", span.GetTagItem("server.address"));
        Assert.Equal(_redis.Port, span.GetTagItem("server.port"));
        Assert.True(span.Duration > TimeSpan.Zero);
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Spans_can_be_left_out()
    {
        Assert.Empty(await SpansAsync(($"{Section}:DisableTracing", "true")));
    }

    // Returns the Redis spans below a span around one SET; those of the connection itself have other parents.
    private async Task<Activity[]> SpansAsync(params (string Key, string Value)[] settings)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("test");
        using (var host = TestHost.Build(
            builder =>
            {
                builder.AddRedisClient("cache");
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
                    .AddSource("test")
                    .AddProcessor(new SimpleActivityExportProcessor(new Collector<Activity>(spans.Enqueue))));
            },
            [("ConnectionStrings:cache", _redis.ConnectionString), .. settings]))
        {
            await host.StartAsync();
            using (source.StartActivity("request"))
            {
                await host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().StringSetAsync("secret key", "secret value");
            }

            await host.StopAsync();
        }

        var request = Assert.Single(spans, span => span.OperationName == "request");
        return [.. spans.Where(span => span.ParentSpanId == request.SpanId)];
    }
}
