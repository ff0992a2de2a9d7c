using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Trellis.ServiceDefaults.Http;

internal static class HttpClientRegistration
{
    public static void AddDefaultHttpClients(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            // A POST whose answer was lost may have been carried out: only methods that are safe to repeat are repeated (RFC 9110, 9.2.1).
            http.AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });
    }
}
