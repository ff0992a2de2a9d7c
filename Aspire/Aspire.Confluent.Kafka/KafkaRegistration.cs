using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Confluent.Kafka;

/// <summary>What producers and consumers have in common.</summary>
internal static class KafkaRegistration
{
    public static void AddTelemetry(IHostApplicationBuilder builder, bool disableMetrics, bool disableTracing)
    {
        if (!disableMetrics)
        {
            builder.Services.TryAddSingleton<KafkaStatistics>();
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(KafkaStatistics.MeterName));
        }

        if (!disableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(KafkaSpans.SourceName));
        }
    }

    public static void AddHealthCheck(IHostApplicationBuilder builder, string name, ClientConfig config)
    {
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            // One client for all checks, closed with the application.
            builder.Services.AddKeyedSingleton(name, (_, _) => new KafkaHealthCheck(config));
            builder.Services.AddHealthChecks().Add(
                new HealthCheckRegistration(name, services => services.GetRequiredKeyedService<KafkaHealthCheck>(name), failureStatus: null, tags: null));
        }
    }
}
