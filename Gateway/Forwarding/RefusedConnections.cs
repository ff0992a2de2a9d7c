using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Trellis.Gateway.Forwarding;

/// <summary>
/// Leaves an instance out for a while as soon as it cannot be reached. The failure rate that YARP offers needs several failed callers
/// before it acts, and remembers them when the instance is long back.
/// </summary>
internal sealed class RefusedConnections(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = nameof(RefusedConnections);

    private static readonly TimeSpan DefaultReactivationPeriod = TimeSpan.FromSeconds(5);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        var outcome = context.Features.Get<IForwarderErrorFeature>()?.Error switch
        {
            ForwarderError.Request => DestinationHealth.Unhealthy,
            null => DestinationHealth.Healthy,
            // A slow endpoint or a caller who left says nothing about the instance.
            _ => DestinationHealth.Unknown,
        };

        if (outcome != DestinationHealth.Unknown && outcome != destination.Health.Passive)
        {
            var period = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? DefaultReactivationPeriod;
            health.SetPassive(cluster, destination, outcome, period);
        }
    }
}
