using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Shop.Identity.Clients;
using Shop.Identity.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Identity.Tokens;

/// <summary>The tokens' routes. Discovery and keys, which have no handler here, are beside them.</summary>
internal static class TokensApi
{
    public const string BasePath = "identity";

    public const string TokenPath = BasePath + "/connect/token";

    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static IEndpointRouteBuilder MapTokens(this IEndpointRouteBuilder app)
    {
        app.MapPost("/" + TokenPath, Issue).WithTags("Tokens").WithName("IssueToken").AllowAnonymous()
            .WithSummary("Get an access token")
            .WithDescription("OAuth 2.0 client credentials (RFC 6749, section 4.4). The client proves itself in the body or by basic authentication.")
            .Accepts<TokenRequest>("application/x-www-form-urlencoded")
            .Produces<TokenAnswer>()
            .Produces<TokenRefusal>(StatusCodes.Status400BadRequest)
            .Produces<TokenRefusal>(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return app;
    }

    // The client has proved itself, and every scope is one that it may have.
    private static async Task<Results<SignInHttpResult, ForbidHttpResult>> Issue(
        HttpContext http,
        IOpenIddictApplicationManager applications,
        UserManager<User> users,
        IOptions<IdentitySettings> settings,
        CancellationToken cancellationToken)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var scopes = request.GetScopes();
        if (scopes.IsEmpty)
        {
            return Refuse(Errors.InvalidScope, "Name at least one scope: a token without any opens nothing.");
        }

        var client = (await applications.FindByClientIdAsync(request.ClientId!, cancellationToken))!;
        var subject = await SubjectOfAsync(client, request.ClientId!, applications, users, cancellationToken);
        if (subject is null)
        {
            return Refuse(Errors.UnauthorizedClient, "The user in whose name the client acts is not there, or locked out.");
        }

        var caller = new ClaimsIdentity(Scheme, Claims.Name, Claims.Role)
            .SetClaim(Claims.Subject, subject)
            .SetScopes(scopes)
            .SetResources(scopes.SelectMany(scope => settings.Value.Scopes[scope]).Distinct(StringComparer.Ordinal))
            .SetDestinations(static _ => [Destinations.AccessToken]);
        return TypedResults.SignIn(new ClaimsPrincipal(caller), authenticationScheme: Scheme);
    }

    private static async Task<string?> SubjectOfAsync(
        object client, string clientId, IOpenIddictApplicationManager applications, UserManager<User> users, CancellationToken cancellationToken)
    {
        var properties = await applications.GetPropertiesAsync(client, cancellationToken);
        if (!properties.TryGetValue(DeclaredClients.Subject, out var id))
        {
            return clientId;
        }

        return await users.FindByIdAsync(id.GetString()!) is { } user && !await users.IsLockedOutAsync(user) ? user.Id.ToString() : null;
    }

    private static ForbidHttpResult Refuse(string error, string description) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [Scheme]);
}
