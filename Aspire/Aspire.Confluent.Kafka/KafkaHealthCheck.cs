using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy while a broker tells of the cluster. Nothing is written to it.</summary>
internal sealed class KafkaHealthCheck(ClientConfig config) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Of the client's options those that say where the cluster is and who asks.
    private static readonly string[] Connecting = ["bootstrap.servers", "security.protocol", "sasl.", "ssl.", "client.id", "enable.ssl.", "broker.address."];

    private readonly Lazy<IAdminClient> _client = new(() => new AdminClientBuilder(
        new AdminClientConfig(config.Where(option => Connecting.Any(prefix => option.Key.StartsWith(prefix, StringComparison.Ordinal))).ToDictionary(StringComparer.Ordinal)))
        .SetLogHandler((_, _) => { })
        .Build());

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // The call blocks.
            await Task.Run(() => _client.Value.GetMetadata(Patience), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is KafkaException or InvalidOperationException or ArgumentException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Kafka does not answer.", failure);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }
}
