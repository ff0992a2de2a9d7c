using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Trellis.ServiceDefaults.Management;
using Trellis.ServiceDefaults.Telemetry.Logs;
using Trellis.ServiceDefaults.Telemetry.Redaction;

namespace Trellis.ServiceDefaults.Telemetry;

internal static class TelemetryRegistration
{
    public const string MetricsPath = "/metrics";

    /// <summary>The name Npgsql gives both its activity source and its meter.</summary>
    private const string Npgsql = "Npgsql";

    /// <summary>
    /// Those of the server that say something about callers. Left out, because each request would pay for it several times over: what the memory pools
    /// do, and which route matched (the duration of requests says it).
    /// </summary>
    private static readonly string[] ServerMeters =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.Authorization",
    ];

    public static void AddDefaultTelemetry(this IHostApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
        {
            // The collector is the dashboard on the same machine. When it is gone, so is the reason to try again: a service that stops would be
            // held up for as long as its exporters keep trying. A source of its own, because a value set in the others is gone when they are read anew.
            builder.Configuration.AddInMemoryCollection([new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", null)]);
            builder.Services.Configure<TelemetrySettings>(telemetry => telemetry.SamplingRatio = 1);
        }

        builder.AddSettings<TelemetrySettings>(TelemetrySettings.Section, static (values, settings) => values.Bind(settings));
        builder.AddDefaultLogs();
        builder.Services.AddSingleton<ProcessMetrics>();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Describe(builder))
            .WithMetrics(AddMeters)
            .WithTracing(tracing => AddSources(tracing, builder));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        // Nobody else asks for it, and what is not made measures nothing.
        endpoints.ServiceProvider.GetRequiredService<ProcessMetrics>();
        endpoints.MapPrometheusScrapingEndpoint(MetricsPath).AllowAnonymous().DisableHttpMetrics();
    }

    private static void AddMeters(MeterProviderBuilder metrics) => metrics
        .AddMeter(ServerMeters)
        .AddHttpClientInstrumentation()
        .AddRuntimeInstrumentation()
        .AddMeter(Npgsql, ProcessMetrics.MeterName, "Polly")
        .AddPrometheusExporter(prometheus => prometheus.ScrapeEndpointPath = MetricsPath);

    private static void AddSources(TracerProviderBuilder tracing, IHostApplicationBuilder builder)
    {
        tracing
            .AddSource(builder.Environment.ApplicationName, Npgsql)
            .AddAspNetCoreInstrumentation(http => http.Filter = IsWorthTracing)
            .AddHttpClientInstrumentation()
            .AddProcessor(new RedactedSpans());
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"]))
        {
            tracing.SetSampler(services => new ParentBasedSampler(new TraceIdRatioBasedSampler(
                services.GetRequiredService<IOptions<TelemetrySettings>>().Value.SamplingRatio)));
        }
    }

    // Probes and scrapes come every few seconds and would bury what users did.
    private static bool IsWorthTracing(HttpContext context) => !ManagementPaths.Contains(context.Request.Path);
}
