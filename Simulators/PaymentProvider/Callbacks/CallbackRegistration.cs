namespace Shop.Simulators.PaymentProvider.Callbacks;

/// <summary>Sets up callbacks.</summary>
internal static class CallbackRegistration
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static IHostApplicationBuilder AddCallbacks(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<CallbackSettings>(CallbackSettings.Section, static (values, settings) => values.Bind(settings));
        builder.Services.AddHttpClient(CallbackSender.ClientName, client => client.Timeout = Timeout);
        builder.Services.AddHostedService<CallbackSender>();
        return builder;
    }
}
