using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Authentication;

namespace Microsoft.Extensions.Hosting;

/// <summary>Finds endpoints that somebody forgot to decide about.</summary>
public static class EndpointPolicyExtensions
{
    /// <summary>
    /// Names the endpoints with neither a policy (<c>RequireScope</c>, <c>RequireAuthorization</c>) nor <c>AllowAnonymous</c>. They answer nobody:
    /// 401 without a token, 403 with one. A service's tests assert that there is none.
    /// </summary>
    /// <param name="services">The services of an application that called <c>AddServiceDefaults</c> and <c>MapDefaultEndpoints</c>.</param>
    /// <returns>The endpoints' names, for example <c>HTTP: GET /items</c>.</returns>
    public static IReadOnlyList<string> EndpointsWithoutPolicy(this IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        // gRPC's own answer to names it does not know is no endpoint of the service.
        return
        [
            .. services.GetRequiredService<ServiceEndpoints>().WithoutPolicy
                .Select(endpoint => endpoint.DisplayName ?? endpoint.RoutePattern.RawText ?? "")
                .Where(name => !name.StartsWith("gRPC - Unimplemented", StringComparison.Ordinal)),
        ];
    }
}
