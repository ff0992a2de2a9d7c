using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>What has to stand before routing: who the caller is, and how answers go out.</summary>
internal sealed class RequestStartupFilter(IOptions<ProxySettings> proxies) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (!string.IsNullOrWhiteSpace(proxies.Value.Known))
        {
            app.UseForwardedHeaders();
        }

        app.UseSecurityHeaders();
        app.UseResponseCompression();
        next(app);
    };
}
