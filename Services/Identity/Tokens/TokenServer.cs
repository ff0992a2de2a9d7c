using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Shop.Identity.Data;

namespace Shop.Identity.Tokens;

/// <summary>Sets up the OAuth 2.0 server: client credentials, discovery, the keys to check tokens with.</summary>
internal static class TokenServer
{
    public static IHostApplicationBuilder AddTokens(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<IdentityDbContext>())
            .AddServer(server =>
            {
                server.SetTokenEndpointUris(TokensApi.TokenPath)
                    .SetConfigurationEndpointUris(TokensApi.BasePath + "/.well-known/openid-configuration")
                    .SetJsonWebKeySetEndpointUris(TokensApi.BasePath + "/.well-known/jwks")
                    .AllowClientCredentialsFlow()
                    // Services check tokens by themselves: they have to be able to read them, and nobody asks the database for one.
                    .DisableAccessTokenEncryption()
                    .DisableTokenStorage();
                server.AddEventHandler(PublicAddresses.Descriptor);
                server.UseAspNetCore()
                    .EnableTokenEndpointPassthrough()
                    // TLS ends before the service: at the edge, or in the mesh.
                    .DisableTransportSecurityRequirement();
            });
        builder.Services.AddSingleton<WrongSecrets>();
        builder.Services.AddSingleton<PublicAddresses>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<IdentitySettings>>((server, settings) =>
        {
            server.Issuer = Uri.TryCreate(settings.Value.Issuer, UriKind.Absolute, out var issuer) ? issuer : null;
            server.AccessTokenLifetime = settings.Value.AccessTokenLifetime;
            // Those of sign-in (openid) as well come only with the settings.
            server.Scopes.Clear();
            server.Scopes.UnionWith(settings.Value.Scopes.Keys);
        });
        return builder;
    }
}
