using Shop.Payments.Data;

namespace Shop.Payments.Charging;

/// <summary>Sets up the payments and the work that asks the provider.</summary>
internal static class ChargingRegistration
{
    public static IHostApplicationBuilder AddCharging(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ChargingSettings>(ChargingSettings.Section);
        builder.AddTelemetrySource(PaymentMetrics.Name);
        builder.Services.AddSingleton<PaymentMetrics>();
        builder.Services.AddScoped<PaymentBook>();
        builder.Services.AddSingleton<DuePayments>();
        builder.Services.AddSingleton<DueSignal>();
        builder.Services.ConfigureDbContext<PaymentsDbContext>((services, options) => options.AddInterceptors(services.GetRequiredService<DueSignal>()));
        builder.Services.AddHostedService<ChargingWork>();
        return builder;
    }
}
