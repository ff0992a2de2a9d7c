using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Authentication;

internal static class AuthenticationRegistration
{
    /// <summary>
    /// Bearer tokens (RFC 6750) as configured in <c>Authentication:Schemes:Bearer</c>: <c>Authority</c>, <c>ValidIssuers</c>,
    /// <c>ValidAudiences</c>, <c>SigningKeys</c>. With neither an authority nor a key no signature can be checked, so every token is refused.
    /// </summary>
    public static void AddDefaultAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddTokenlessCallers();
        services.AddSingleton<ServiceEndpoints>();
        services.AddSingleton<ISettingsRule, BearerRule>();
        // Deny by default: whoever maps an endpoint has to say who may call it. What is no route (404, 405) is nobody's secret.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder()
            .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            .Build());
        LeaveKeysUntilNeeded(services);
        services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer =>
        {
            // Claims keep the names of the token: sub, scope.
            bearer.MapInboundClaims = false;

            // The framework leaves issuer and audience unchecked when the configuration names none; here a missing name means no entry.
            var validation = bearer.TokenValidationParameters;
            validation.ValidateIssuer = true;
            validation.ValidateAudience = true;
            validation.ValidateLifetime = true;
            validation.RequireExpirationTime = true;
            validation.RequireSignedTokens = true;
            validation.ClockSkew = TimeSpan.FromSeconds(30);
        });
    }

    private static void AddTokenlessCallers(this IServiceCollection services)
    {
        // A service may have brought its own before, made in a way of its own.
        if (services.Last(service => service.ServiceType == typeof(IAuthenticationService)).ImplementationType is not { } framework)
        {
            return;
        }

        services.TryAddScoped(framework);
        services.Replace(ServiceDescriptor.Singleton<IAuthenticationService>(provider => ActivatorUtilities.CreateInstance<TokenlessCallers>(provider, framework)));
    }

    // AddAuthentication brings a hosted service that makes the keys for cookies when the service starts, and writes them to the home
    // folder. Bearer tokens need none (8 MB and a few XML files); whoever does protect data gets its keys on first use.
    private static void LeaveKeysUntilNeeded(IServiceCollection services)
    {
        for (var index = services.Count - 1; index >= 0; index--)
        {
            var service = services[index];
            if (service.ServiceType == typeof(IHostedService)
                && service is { IsKeyedService: false, ImplementationType.FullName: "Microsoft.AspNetCore.DataProtection.Internal.DataProtectionHostedService" })
            {
                services.RemoveAt(index);
            }
        }
    }
}
