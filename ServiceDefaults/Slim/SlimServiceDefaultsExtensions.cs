using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Errors;
using Trellis.ServiceDefaults.Health;
using Trellis.ServiceDefaults.Management;
using Trellis.ServiceDefaults.Requests;
using Trellis.ServiceDefaults.Telemetry;
using Trellis.ServiceDefaults.Validation;

namespace Trellis.ServiceDefaults.Slim;

/// <summary>
/// What a service compiled ahead of time (<c>PublishAot</c>, <c>WebApplication.CreateSlimBuilder</c>) gets from one call, in every environment.
/// A namespace of its own: a service takes these or those of <c>Microsoft.Extensions.Hosting</c>, which have the same names.
/// </summary>
public static class SlimServiceDefaultsExtensions
{
    /// <summary>
    /// Adds validated settings, health with a drain on SIGTERM, telemetry, problem details, validation of bodies and
    /// parameters, limits on requests and a management port. There is no
    /// authentication: the service stands behind something that does it, or adds its own.
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
        builder.Services.AddDefaultErrors();
        builder.Services.AddDefaultValidation();
        builder.AddManagementPort();
        builder.AddDefaultRequests();
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (liveness), <c>/ready</c> (readiness) and <c>/metrics</c> (Prometheus). With <c>Management:Port</c> set they answer on
    /// that port only.
    /// </summary>
    /// <param name="app">The application to map them in.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);

        // Inside the developer exception page, which the web host adds in Development and which logs bad requests as errors.
        app.UseExceptionHandler();
        app.UseDefaultRequests();
        app.UseStartupGate();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }
}
