using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Authentication;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Correlation;
using Trellis.ServiceDefaults.Errors;
using Trellis.ServiceDefaults.Health;
using Trellis.ServiceDefaults.Http;
using Trellis.ServiceDefaults.Management;
using Trellis.ServiceDefaults.OpenApi;
using Trellis.ServiceDefaults.Requests;
using Trellis.ServiceDefaults.Telemetry;
using Trellis.ServiceDefaults.Validation;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service gets from one call, in every environment.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds health, telemetry, outgoing HTTP (service discovery and resilience), problem details, validation of bodies and
    /// parameters by their data annotations, bearer authentication and OpenAPI.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of host.</typeparam>
    /// <param name="builder">The host under construction.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.AddSettingsValidation();
        builder.AddDefaultTelemetry();
        builder.AddDefaultHealth();
        builder.AddDefaultHttpClients();
        builder.Services.AddSingleton<IStartupFilter, CorrelationStartupFilter>();
        builder.Services.AddDefaultErrors();
        builder.Services.AddDefaultAuthentication();
        builder.AddDefaultOpenApi();
        builder.Services.AddDefaultValidation();
        builder.AddManagementPort();
        builder.AddDefaultRequests();
        builder.Services.AddGrpcServerDefaults();
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (liveness), <c>/ready</c> (readiness), <c>/metrics</c> (Prometheus) and <c>/openapi/v1.json</c>.
    /// With <c>Management:Port</c> set they answer on that port only.
    /// </summary>
    /// <param name="app">The application to map them in.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);

        app.Services.GetRequiredService<ServiceEndpoints>().Are(app);
        // Inside the developer exception page, which the web host adds in Development and which logs bad requests as errors.
        app.UseExceptionHandler();
        app.UseDefaultRequests();
        app.UseStartupGate();
        app.UseIdempotencyKeys();
        app.MapHealth();
        app.MapGrpcHealth();
        app.MapMetrics();
        app.MapOpenApiDocument();
        return app;
    }
}
