using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace Shop.Identity.Keys;

internal static class KeyRegistration
{
    /// <summary>The keys that tokens are signed with: made once, kept in the database, replaced before they are old.</summary>
    public static IHostApplicationBuilder AddKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(services => services.GetRequiredService<KeyRing>());
        builder.Services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, ServerKeys>();
        builder.Services.AddSingleton<KeyProtection>();
        builder.Services.AddSingleton<KeyKeeping>();
        builder.Services.AddHostedService<KeyUpkeep>();
        return builder;
    }
}
