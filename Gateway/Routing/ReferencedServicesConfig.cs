using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Trellis.Gateway.Routing;

internal sealed record ReferencedServicesConfig(
    IReadOnlyList<RouteConfig> Routes,
    IReadOnlyList<ClusterConfig> Clusters,
    IChangeToken ChangeToken) : IProxyConfig;
