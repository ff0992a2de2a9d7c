using Shop.Fulfilment.Carrier;
using Shop.Fulfilment.Data;

namespace Shop.Fulfilment.Shipments;

/// <summary>Sets up the shipments and the way to the carrier.</summary>
internal static class ShipmentRegistration
{
    public static IHostApplicationBuilder AddShipments(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<CarrierSettings>(CarrierSettings.Section);
        builder.AddTelemetrySource(ShipmentMetrics.Name);
        builder.Services.AddHttpClient(CarrierClient.Name);
        builder.Services.AddSingleton<CarrierClient>();
        builder.Services.AddSingleton<ShipmentMetrics>();
        builder.Services.AddScoped<ShipmentBook>();
        builder.Services.AddSingleton<DueShipments>();
        builder.Services.AddSingleton<HandOver>();
        builder.Services.AddSingleton<FirstTries>();
        builder.Services.ConfigureDbContext<FulfilmentDbContext>((services, options) => options.AddInterceptors(services.GetRequiredService<FirstTries>()));
        builder.Services.AddHostedService<FirstTryWork>();
        return builder;
    }
}
