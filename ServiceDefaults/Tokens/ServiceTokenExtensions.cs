using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Tokens;

namespace Microsoft.Extensions.Hosting;

/// <summary>Calls in the service's own name.</summary>
public static class ServiceTokenExtensions
{
    /// <summary>
    /// Sends a bearer token of the service's own along with the client's calls, unless a call has a token already. The service gets it with its client
    /// credentials (<see cref="ServiceTokenSettings"/>) when the first call needs it, shares it among all calls, and replaces it before it ends. A call that is
    /// answered 401 is made once more with a new token, if its body can be sent again. The client has to be one for one service: it is sent
    /// wherever the client is led. Works for gRPC clients too.
    /// </summary>
    /// <remarks>
    /// A call that needs a token while the token endpoint is away fails with an <see cref="HttpRequestException"/>, as one to a service that is away; one by a service
    /// whose credentials or scopes are refused with an <see cref="InvalidOperationException"/>.
    /// </remarks>
    /// <param name="http">The client.</param>
    /// <param name="scopes">What the token is for, for example <c>inventory.read</c>. As few as the client needs.</param>
    /// <returns>The same client.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static IHttpClientBuilder AddServiceToken(this IHttpClientBuilder http, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Length == 0)
        {
            throw new ArgumentException("Name the scopes that the token is for.", nameof(scopes));
        }

        var all = string.Join(' ', scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        http.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISettingsRule, ServiceTokenRule>());
        http.Services.TryAddSingleton<TokenEndpoint>();
        http.Services.TryAddSingleton<ServiceTokens>();
        return http.ConfigureAdditionalHttpMessageHandlers((handlers, services) =>
            handlers.Insert(0, new OwnToken(services.GetRequiredService<ServiceTokens>(), all)));
    }
}
