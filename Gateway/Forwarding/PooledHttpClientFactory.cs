using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Trellis.Gateway.Forwarding;

/// <summary>Connections to services: pooled, quick to give up, renewed now and then because a service that moved keeps its name.</summary>
internal sealed class PooledHttpClientFactory(IOptions<GatewaySettings> settings) : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = settings.Value.ConnectTimeout;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
    }
}
