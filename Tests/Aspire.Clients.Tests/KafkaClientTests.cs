using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Trellis.Tests;

namespace Aspire.Clients.Tests;

/// <summary>Producers and consumers on librdkafka's mock of a cluster.</summary>
public sealed class KafkaClientTests : IAsyncLifetime
{
    private const string Producer = "Aspire:Confluent:Kafka:Producer";
    private const string Consumer = "Aspire:Confluent:Kafka:Consumer";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private KafkaServer _server = null!;

    public async Task InitializeAsync() => _server = await KafkaServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_produced_is_consumed_with_linked_spans_metrics_and_health()
    {
        ConcurrentBag<Activity> spans = [];
        ConcurrentDictionary<string, long> metrics = new(StringComparer.Ordinal);
        using var host = TestHost.Build(
            builder =>
            {
                builder.AddKafkaProducer<string, string>("stream");
                builder.AddKafkaConsumer<string, string>("stream", settings => settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest);
                builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(new Collector<Activity>(spans.Add))));
                builder.Services.ConfigureOpenTelemetryMeterProvider(metering => metering.AddReader(
                    new PeriodicExportingMetricReader(new Collector<Metric>(metric => metrics[metric.Name] = Sum(metric)), exportIntervalMilliseconds: 200)));
            },
            ("ConnectionStrings:stream", _server.ConnectionString),
            ($"{Consumer}:Config:GroupId", "readers"));
        await host.StartAsync();

        var producer = host.Services.GetRequiredService<IProducer<string, string>>();
        Assert.Same(producer, host.Services.GetRequiredService<IProducer<string, string>>());
        await producer.ProduceAsync("letters", new Message<string, string> { Key = "a", Value = "one" });
        var delivered = new TaskCompletionSource<DeliveryReport<string, string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        producer.Produce("letters", new Message<string, string> { Key = "a", Value = "two" }, delivered.SetResult);
        Assert.Equal(PersistenceStatus.Persisted, (await delivered.Task.WaitAsync(Patience)).Status);

        var consumer = host.Services.GetRequiredService<IConsumer<string, string>>();
        consumer.Subscribe("letters");
        Assert.Equal(["one", "two"], await Task.Run(() => new[] { Next(consumer).Message.Value, Next(consumer).Message.Value }));
        await Eventually.TrueAsync(
            () =>
            {
                // A consumer tells of itself while it is asked for messages.
                Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(100)));
                return metrics.GetValueOrDefault("messaging.publish.messages") == 2 && metrics.GetValueOrDefault("messaging.receive.messages") == 2;
            },
            "the clients' figures came");
        consumer.Close();

        var published = spans.Where(span => span.DisplayName == "letters publish").ToArray();
        var received = spans.Where(span => span.DisplayName == "letters receive").ToArray();
        Assert.Equal(2, published.Length);
        Assert.Equal(published.Select(span => span.Context.SpanId).Order(ById), received.Select(span => Assert.Single(span.Links).Context.SpanId).Order(ById));
        Assert.All(received, span => Assert.Equal("readers", span.GetTagItem("messaging.consumer.group.name")));
        Assert.All(published, span => Assert.NotNull(span.GetTagItem("messaging.kafka.offset")));
        var healthy = await CheckAsync(host);
        Assert.Equal(["Aspire.Confluent.Kafka.Consumer", "Aspire.Confluent.Kafka.Producer"], healthy.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(HealthStatus.Healthy, healthy.Status);

        await _server.KillAsync();
        await Eventually.TrueAsync(async () => (await CheckAsync(host)).Status == HealthStatus.Unhealthy, "it stayed healthy");
    }

    [Fact]
    public async Task Clients_with_keys_have_settings_builders_and_health_checks_of_their_own()
    {
        using var host = TestHost.Build(
            builder =>
            {
                builder.AddKeyedKafkaProducer<Null, int>("one", (ProducerBuilder<Null, int> producer) => producer.SetValueSerializer(Serializers.Int32));
                builder.AddKeyedKafkaProducer<Null, string>("two", settings => settings.DisableHealthChecks = true, (_, producer) => producer.SetLogHandler((_, _) => { }));
                builder.AddKeyedKafkaConsumer<Ignore, byte[]>("one");
            },
            ("ConnectionStrings:one", _server.ConnectionString),
            ($"{Producer}:Config:LingerMs", "1"),
            ($"{Producer}:two:ConnectionString", _server.ConnectionString),
            ($"{Producer}:two:Config:ClientId", "second"),
            ($"{Consumer}:one:Config:GroupId", "bytes"),
            ($"{Consumer}:one:Config:AutoOffsetReset", "Earliest"));
        await host.StartAsync();

        Assert.Null(host.Services.GetService<IProducer<Null, int>>());
        await host.Services.GetRequiredKeyedService<IProducer<Null, int>>("one").ProduceAsync("numbers", new Message<Null, int> { Value = 258 });
        Assert.StartsWith("second#", host.Services.GetRequiredKeyedService<IProducer<Null, string>>("two").Name, StringComparison.Ordinal);
        var consumer = host.Services.GetRequiredKeyedService<IConsumer<Ignore, byte[]>>("one");
        consumer.Subscribe("numbers");
        Assert.Equal([0, 0, 1, 2], await Task.Run(() => Next(consumer).Message.Value));
        consumer.Close();
        Assert.Equal(["Aspire.Confluent.Kafka.Consumer_one", "Aspire.Confluent.Kafka.Producer_one"], (await CheckAsync(host)).Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_trace_goes_along_in_the_headers_even_where_spans_are_switched_off_for_the_consumer()
    {
        using var host = TestHost.Build(
            builder =>
            {
                builder.AddKafkaProducer<Null, string>("stream", (ProducerBuilder<Null, string> _) => { });
                builder.AddKafkaConsumer<Ignore, string>("stream", settings =>
                {
                    settings.DisableTracing = true;
                    settings.DisableMetrics = true;
                    settings.Config.GroupId = "plain";
                    settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                });
                builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.SetSampler(new AlwaysOnSampler()));
            },
            ("ConnectionStrings:stream", _server.ConnectionString));
        await host.StartAsync();

        await host.Services.GetRequiredService<IProducer<Null, string>>().ProduceAsync("traced", new Message<Null, string> { Value = "x" });
        var consumer = host.Services.GetRequiredService<IConsumer<Ignore, string>>();
        consumer.Subscribe("traced");
        var result = await Task.Run(() => Next(consumer));
        consumer.Close();

        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", Encoding.UTF8.GetString(Assert.Single(result.Message.Headers, header => header.Key == "traceparent").GetValueBytes()));
    }

    [Fact]
    public void What_is_missing_is_named_with_its_setting()
    {
        using var host = TestHost.Build(builder =>
        {
            builder.AddKafkaProducer<Null, string>("stream");
            builder.AddKafkaConsumer<Ignore, string>("stream", (KafkaConsumerSettings settings) => settings.Config.BootstrapServers = "localhost:1");
        });

        Assert.Contains("ConnectionStrings__stream", Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IProducer<Null, string>>).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Consumer__stream__Config__GroupId", Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IConsumer<Ignore, string>>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_cluster_the_application_starts_and_is_not_healthy()
    {
        using var host = TestHost.Build(builder => builder.AddKafkaProducer<Null, string>("stream"), ("ConnectionStrings:stream", "127.0.0.1:1"));
        await host.StartAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(host)).Status);
    }

    private static Comparer<ActivitySpanId> ById => Comparer<ActivitySpanId>.Create((one, other) => string.CompareOrdinal(one.ToHexString(), other.ToHexString()));

    private static ConsumeResult<TKey, TValue> Next<TKey, TValue>(IConsumer<TKey, TValue> consumer)
    {
        using var deadline = new CancellationTokenSource(Patience);
        return consumer.Consume(deadline.Token);
    }

    private static long Sum(Metric metric)
    {
        var sum = 0L;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            sum += metric.MetricType == MetricType.LongSum ? point.GetSumLong() : point.GetGaugeLastValueLong();
        }

        return sum;
    }

    private static Task<HealthReport> CheckAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
