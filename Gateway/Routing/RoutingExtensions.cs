using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Trellis.Gateway.Routing;

internal static class RoutingExtensions
{
    /// <summary>Routes <c>/api/&lt;service&gt;</c> to every service the gateway has a reference to, at the endpoints service discovery finds.</summary>
    public static IReverseProxyBuilder RouteToReferencedServices(this IReverseProxyBuilder proxy)
    {
        proxy.Services.AddOptions<GatewaySettings>()
            .BindConfiguration(GatewaySettings.Section)
            .Validate(gateway => gateway.ActivityTimeout > TimeSpan.Zero, "Gateway:ActivityTimeout (Gateway__ActivityTimeout) must be longer than zero.")
            .Validate(gateway => gateway.ConnectTimeout > TimeSpan.Zero, "Gateway:ConnectTimeout (Gateway__ConnectTimeout) must be longer than zero.")
            .Validate(
                gateway => gateway.Paths.Values.All(path => path.StartsWith('/')),
                "Every path in Gateway:Paths (Gateway__Paths__<service>) must begin with a slash.")
            .ValidateOnStart();
        proxy.Services.AddSingleton<IProxyConfigProvider, ReferencedServices>();
        proxy.Services.AddSingleton<IDestinationResolver, DiscoveredDestinations>();
        return proxy;
    }
}
