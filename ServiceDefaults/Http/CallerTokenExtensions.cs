using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Http;

namespace Microsoft.Extensions.Hosting;

/// <summary>Calls in the name of the caller.</summary>
public static class CallerTokenExtensions
{
    /// <summary>
    /// Sends the bearer token of the request that is being answered along with the client's calls to the named hosts, unless a call has a token already.
    /// No other host gets it, wherever the client is led.
    /// </summary>
    /// <param name="http">The client.</param>
    /// <param name="hosts">The hosts, as the calls name them: <c>inventory</c> for <c>http://inventory</c>.</param>
    /// <returns>The same client.</returns>
    /// <exception cref="ArgumentException">No host is named.</exception>
    public static IHttpClientBuilder AddCallerToken(this IHttpClientBuilder http, params string[] hosts)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(hosts);
        if (hosts.Length == 0)
        {
            throw new ArgumentException("Name the hosts that the caller's token is meant for.", nameof(hosts));
        }

        var meant = hosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        http.Services.AddHttpContextAccessor();
        return http.ConfigureAdditionalHttpMessageHandlers((handlers, services) =>
            handlers.Insert(0, new CallerToken(services.GetRequiredService<IHttpContextAccessor>(), meant)));
    }
}
