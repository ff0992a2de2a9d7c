namespace Shop.Payments.Provider;

/// <summary>Sets up the way to the payment provider.</summary>
internal static class ProviderRegistration
{
    public static IHostApplicationBuilder AddProvider(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ProviderSettings>(ProviderSettings.Section);
        builder.Services.AddHttpClient(ProviderClient.Name);
        builder.Services.AddSingleton<ProviderClient>();
        return builder;
    }
}
