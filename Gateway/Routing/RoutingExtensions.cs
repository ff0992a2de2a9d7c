using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Trellis.Gateway.Routing;

internal static class RoutingExtensions
{
    /// <summary>Routes <c>/api/&lt;service&gt;</c> to every service the gateway has a reference to, at the endpoints service discovery finds.</summary>
    public static IReverseProxyBuilder RouteToReferencedServices(this IReverseProxyBuilder proxy)
    {
        proxy.Services.AddSingleton<IProxyConfigProvider, ReferencedServices>();
        proxy.Services.AddSingleton<IDestinationResolver, DiscoveredDestinations>();
        return proxy;
    }
}
