namespace Shop.Identity.Clients;

internal static class ClientRegistration
{
    public static IHostApplicationBuilder AddClients(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<IdentitySettings>(IdentitySettings.Section);
        builder.Services.AddScoped<DeclaredClients>();
        return builder;
    }
}
