using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Polly;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Correlation;
using Trellis.ServiceDefaults.Health;
using Trellis.ServiceDefaults.Tokens;

namespace Trellis.ServiceDefaults.Http;

internal static class HttpClientRegistration
{
    /// <summary>
    /// How the names of the OTLP exporters' clients begin. They have repetitions of their own, send the last of it when the service's parts are gone
    /// already, and what was told of their calls would be more to send.
    /// </summary>
    private const string TelemetryClients = "Otlp";

    public static void AddDefaultHttpClients(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddClientSettings();
        builder.AddSettings<ServiceTokenSettings>(ServiceTokenSettings.Section);
        services.AddResiliencePipelineRegistry<Destination>();

        // It tells of every attempt, also of those that succeed.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        services.AddSingleton<Destinations>();
        services.AddSingleton<IBreakerStates>(provider => provider.GetRequiredService<Destinations>());
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(Destinations.MeterName));

        // Not by ConfigureHttpClientDefaults, which does not say whose handlers it makes.
        services.ConfigureAll<HttpClientFactoryOptions>(options =>
        {
            options.HttpMessageHandlerBuilderActions.Add(AddHandlers);
        });
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>, TimeOfBodies>();
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        services.AddGrpcDefaults();
    }

    private static void AddClientSettings(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<HttpClientSettings>(HttpClientSettings.Section);
        builder.Services.AddSingleton<IConfigureOptions<HttpClientSettings>, NamedClientSettings>();
        foreach (var client in builder.Configuration.GetSection(HttpClientSettings.ClientsSection).GetChildren().Select(section => section.Key))
        {
            builder.Services.AddSingleton(new SettingsGroup(NamedClientSettings.SectionOf(client), typeof(HttpClientSettings))
            {
                Bound = services => services.GetRequiredService<IOptionsMonitor<HttpClientSettings>>().Get(client),
            });
        }
    }

    private static void AddHandlers(HttpMessageHandlerBuilder handlers)
    {
        var client = handlers.Name ?? string.Empty;
        if (client.StartsWith(TelemetryClients, StringComparison.Ordinal))
        {
            return;
        }

        var destinations = handlers.Services.GetRequiredService<Destinations>();
        handlers.AdditionalHandlers.Add(new OutgoingCalls(client));
        handlers.AdditionalHandlers.Add(new ResilienceHandler(request => destinations.PipelineOf(client, request)));
        handlers.AdditionalHandlers.Add(new CorrelatedCalls());
        handlers.AdditionalHandlers.Add(new PlainSchemes(handlers.Services.GetRequiredService<IConfiguration>()));
    }
}
