using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms;

namespace Trellis.Gateway.Forwarding;

internal static class ForwardingExtensions
{
    /// <summary>
    /// Forwards with bounded waiting, says in problem details why it could not, and lets no caller forge where a request came from.
    /// </summary>
    public static IReverseProxyBuilder ForwardSafely(this IReverseProxyBuilder proxy)
    {
        proxy.Services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnections>();
        proxy.Services.AddSingleton<IForwarderHttpClientFactory, PooledHttpClientFactory>();
        proxy.Services.Configure<ProblemDetailsOptions>(problems => problems.CustomizeProblemDetails = ForwardingProblem.Describe);
        proxy.AddTransforms(context => context
            // X-Forwarded-* is replaced by what the gateway saw; the standard header (RFC 7239) would otherwise pass as the caller wrote it.
            .AddXForwarded(ForwardedTransformActions.Set)
            .AddRequestHeaderRemove("Forwarded")
            // What a service runs on is nobody's business outside.
            .AddResponseHeaderRemove("Server", ResponseCondition.Always));
        return proxy;
    }
}
