using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Trellis.Gateway.Routing;

/// <summary>Replaces each destination's service name by the endpoints that service discovery knows, and follows their changes.</summary>
internal sealed class DiscoveredDestinations(ServiceEndpointResolver discovery) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations,
        CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        var changes = new List<IChangeToken>();
        foreach (var destination in destinations.Values)
        {
            var source = await discovery.GetEndpointsAsync(destination.Address, cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (var endpoint in source.Endpoints)
            {
                var address = ToAddress(endpoint);
                found.TryAdd(address, destination with { Address = address });
            }
        }

        return new ResolvedDestinationCollection(found, new CompositeChangeToken(changes));
    }

    // Configuration gives whole addresses (http://localhost:5001), DNS a host and port.
    private static string ToAddress(ServiceEndpoint endpoint)
    {
        var text = endpoint.ToString()!;
        return text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
    }
}
