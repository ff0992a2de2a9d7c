using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Trellis.ServiceDefaults.Management;

namespace Trellis.ServiceDefaults.Telemetry;

internal static class TelemetryRegistration
{
    public const string MetricsPath = "/metrics";

    /// <summary>The name Npgsql gives both its activity source and its meter.</summary>
    private const string Npgsql = "Npgsql";

    public static void AddDefaultTelemetry(this IHostApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
        {
            // The collector is the dashboard on the same machine. When it is gone, so is the reason to try again: a service that stops would be
            // held up for as long as its exporters keep trying.
            builder.Configuration["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = null;
        }

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });

        // The resource (service.name and the rest) comes from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, which the SDK reads itself.
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Npgsql)
                .AddPrometheusExporter(prometheus => prometheus.ScrapeEndpointPath = MetricsPath))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, Npgsql)
                .AddAspNetCoreInstrumentation(http => http.Filter = IsWorthTracing)
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint(MetricsPath).AllowAnonymous().DisableHttpMetrics();

    // Probes and scrapes come every few seconds and would bury what users did.
    private static bool IsWorthTracing(HttpContext context) => !ManagementPaths.Contains(context.Request.Path);
}
