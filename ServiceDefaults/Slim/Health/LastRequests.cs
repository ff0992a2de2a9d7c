using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Health;

/// <summary>
/// While the service drains, makes every answer the last one on its connection (HTTP/1.1 <c>Connection: close</c>, HTTP/2 <c>GOAWAY</c>). A
/// connection that is kept open would be cut by the stop, perhaps just as the next request is on its way.
/// </summary>
internal sealed class LastRequests(Draining draining) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, proceed) =>
        {
            if (draining.HasBegun)
            {
                if (HttpProtocol.IsHttp11(context.Request.Protocol))
                {
                    context.Response.Headers.Connection = "close";
                }
                else
                {
                    context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
                }
            }

            return proceed(context);
        });
        next(app);
    };
}
