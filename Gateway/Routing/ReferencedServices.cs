using Microsoft.Extensions.Options;
using Trellis.Gateway.Forwarding;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace Trellis.Gateway.Routing;

/// <summary>
/// Makes a route of every service the gateway has a reference to: the configuration <c>services:catalog:http:0</c> (environment
/// <c>services__catalog__http__0</c>) that service discovery reads is also the list of what there is to route to.
/// </summary>
internal sealed class ReferencedServices(IConfiguration configuration, IOptions<GatewaySettings> settings) : IProxyConfigProvider
{
    private static readonly string[] Schemes = ["http", "https"];

    public IProxyConfig GetConfig()
    {
        // Taken before reading: a change while reading must lead to another read.
        var changed = configuration.GetReloadToken();
        var services = configuration.GetSection("services").GetChildren()
            .Where(service => service.GetChildren().Any(endpoint => Schemes.Contains(endpoint.Key, StringComparer.OrdinalIgnoreCase)))
            .ToList();
        return new ReferencedServicesConfig([.. services.Select(ToRoute)], [.. services.Select(ToCluster)], changed);
    }

    private RouteConfig ToRoute(IConfigurationSection service)
    {
        var prefix = settings.Value.Paths.GetValueOrDefault(service.Key) ?? $"/api/{service.Key}";
        return new RouteConfig
        {
            RouteId = service.Key,
            ClusterId = service.Key,
            // Each service checks its callers itself.
            AuthorizationPolicy = "anonymous",
            // ActivityTimeout is the limit here: a download or a WebSocket may take as long as it moves.
            TimeoutPolicy = "Disable",
            Match = new RouteMatch { Path = prefix.TrimEnd('/') + "/{**rest}" },
        };
    }

    private ClusterConfig ToCluster(IConfigurationSection service) => new()
    {
        ClusterId = service.Key,
        Destinations = HasAddress(service)
            ? new Dictionary<string, DestinationConfig> { [service.Key] = new() { Address = $"https+http://{service.Key}" } }
            : null,
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = settings.Value.ActivityTimeout },
        HealthCheck = new HealthCheckConfig
        {
            // An instance that refuses connections is left out for a while; when all of them do, each is tried all the same.
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = RefusedConnections.PolicyName,
                ReactivationPeriod = TimeSpan.FromSeconds(5),
            },
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        },
    };

    private static bool HasAddress(IConfigurationSection service) =>
        service.GetChildren().Any(endpoint => endpoint.GetChildren().Any(address => !string.IsNullOrWhiteSpace(address.Value)));
}
