using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Healthy when the broker says which brokers there are. Keeps its client from one check to the next.</summary>
/// <param name="connectionString">Gives the connection string, or <see langword="null"/> while it is not known.</param>
internal sealed class KafkaHealthCheck(Func<string?> connectionString) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private IAdminClient? _client;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (connectionString() is not { } known)
        {
            return new(context.Registration.FailureStatus, "The connection string is not known yet.");
        }

        try
        {
            // The client knows no asynchronous question of this kind.
            await Task.Run(() => Client(known).GetMetadata(Patience), cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _client?.Dispose();
            _client = null;
        }
    }

    private IAdminClient Client(string servers)
    {
        lock (_lock)
        {
            // Its own word about a broker that is not there, again and again, would say no more than the check does.
            return _client ??= new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers, ClientId = "health" })
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, _) => { })
                .Build();
        }
    }
}
