using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Trellis.ServiceDefaults.Authentication;

namespace Microsoft.Extensions.Hosting;

/// <summary>Authorization by the scopes of an access token.</summary>
public static class ScopeExtensions
{
    /// <summary>
    /// Demands an access token with the scope: 401 without a valid token, 403 without the scope. Scopes are read from <c>scope</c>
    /// (space-separated, RFC 8693 section 4.2) and <c>scp</c>.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group of them.</typeparam>
    /// <param name="endpoint">The endpoint or group to guard.</param>
    /// <param name="scope">The scope, for example <c>catalog.write</c>.</param>
    /// <returns>The same endpoint or group.</returns>
    /// <exception cref="ArgumentException"><paramref name="scope"/> is empty.</exception>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        return endpoint.RequireAuthorization(policy => policy
            .RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.HasScope(scope))).WithMetadata(new RequiredScope(scope));
    }

    /// <summary>Tells whether the caller's token carries a scope.</summary>
    /// <param name="user">The caller.</param>
    /// <param name="scope">The scope; compared ordinally.</param>
    /// <returns>Whether it does.</returns>
    public static bool HasScope(this ClaimsPrincipal user, string scope)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Claims.Any(claim => claim.Type is "scope" or "scp"
            && claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(scope, StringComparer.Ordinal));
    }
}
