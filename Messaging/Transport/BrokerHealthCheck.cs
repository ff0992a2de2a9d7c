using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trellis.Messaging.Transport;

/// <summary>
/// Whether the broker answers. A service whose broker is away goes on: what it publishes waits in its outbox. So this is told, and does not
/// make the service unready.
/// </summary>
internal sealed class BrokerHealthCheck(IMessageTransport transport) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await transport.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (TransportUnavailableException absent)
        {
            return new HealthCheckResult(HealthStatus.Degraded, absent.Message, absent);
        }
    }
}
