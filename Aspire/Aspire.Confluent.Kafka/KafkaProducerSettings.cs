using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// What can be set for a Kafka producer: in the configuration section <c>Aspire:Confluent:Kafka:Producer</c>, in its subsection named after the connection, or in code.
/// </summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The brokers to begin with, as a list of <c>host:port</c>. <c>ConnectionStrings:&lt;name&gt;</c> wins over the sections, and this over <see cref="Config"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The options of the client itself.</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>Whether no metrics are collected. Default: they are.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether no health check is registered. Default: one is.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether publishing makes no spans. Default: it does.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Puts into <see cref="Config"/> what stands beside it.</summary>
    internal void Complete()
    {
        if (ConnectionString is not null)
        {
            Config.BootstrapServers = ConnectionString;
        }

        if (!DisableMetrics)
        {
            Config.StatisticsIntervalMs ??= (int)KafkaStatistics.Interval.TotalMilliseconds;
        }
    }

    /// <summary>Says what is missing.</summary>
    /// <exception cref="InvalidOperationException">Something is.</exception>
    internal void Validate(string connectionName)
    {
        if (string.IsNullOrEmpty(Config.BootstrapServers))
        {
            throw new InvalidOperationException(
                $"The Kafka producer '{connectionName}' has no brokers: set ConnectionStrings__{connectionName}, for example to localhost:9092.");
        }
    }
}
