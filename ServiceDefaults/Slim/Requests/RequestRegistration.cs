using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Requests;

internal static class RequestRegistration
{
    public static void AddDefaultRequests(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<RequestSettings>(RequestSettings.Section, static (values, settings) => values.Bind(settings));
        builder.AddSettings<ProxySettings>(ProxySettings.Section, static (values, settings) => values.Bind(settings));
        builder.AddSettings<RateLimitSettings>(RateLimitSettings.Section, static (values, settings) => values.Bind(settings));

        var services = builder.Services;
        services.AddSingleton<IStartupFilter, RequestStartupFilter>();
        services.AddRequestTimeouts();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<RequestSettings>>((kestrel, requests) => Limit(kestrel, requests.Value));
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxySettings>>((forwarded, proxies) => Trust(forwarded, proxies.Value));
        services.AddResponseCompression(compression =>
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/problem+json"]);
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, RateLimits>();
    }

    /// <summary>What has to stand behind routing and authentication.</summary>
    public static void UseDefaultRequests(this WebApplication app)
    {
        app.UseTimeLimits();
        if (app.Services.GetRequiredService<IOptions<RateLimitSettings>>().Value.RequestsPerSecond > 0)
        {
            app.UseRateLimiter();
        }

        app.RefuseUnknownCharsets();
    }

    private static void Limit(KestrelServerOptions kestrel, RequestSettings requests)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = requests.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = requests.MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = requests.MaxHeaders;
        kestrel.Limits.RequestHeadersTimeout = requests.HeadersTimeout;
    }

    private static void Trust(ForwardedHeadersOptions forwarded, ProxySettings proxies)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        // The chain ends at the first address that is not known, however long it is.
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        if (NetworkListAttribute.TryParse(proxies.Known, out var networks))
        {
            networks.ForEach(forwarded.KnownIPNetworks.Add);
        }
    }
}
