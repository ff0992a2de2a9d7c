using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Management;

namespace Trellis.ServiceDefaults.Health;

internal static class HealthRegistration
{
    public const string LivenessPath = "/health";
    public const string ReadinessPath = "/ready";

    public static void AddDefaultHealth(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StartupGate>();
        services.AddSingleton<IStartupGate>(provider => provider.GetRequiredService<StartupGate>());
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddSingleton<IStartupFilter, LastRequests>();
        services.AddSingleton<DependencyChecks>();
        services.AddSingleton<Readiness>();

        // Before the section is bound, which wins.
        if (builder.Environment.IsDevelopment())
        {
            services.Configure<HealthSettings>(health => health.DrainDelay = TimeSpan.Zero);
        }

        builder.AddSettings<HealthSettings>(HealthSettings.Section, static (values, settings) => values.Bind(settings));
        // The host counts the drain delay as part of the stop.
        services.AddOptions<HostOptions>().Configure<IOptions<HealthSettings>>((host, health) =>
            host.ShutdownTimeout = health.Value.DrainDelay + health.Value.StopTimeout);
        services.AddOptions<HealthCheckServiceOptions>().PostConfigure<IOptions<HealthSettings>>(Bound);
    }

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(LivenessPath, static context => TypedResults.Text("live").ExecuteAsync(context)).AsProbe();
        endpoints.MapGet(ReadinessPath, ReadyAsync).AsProbe();
    }

    /// <summary>Answers 503 in place of the service's own routes until the startup gate is open.</summary>
    public static void UseStartupGate(this IApplicationBuilder app)
    {
        var gate = app.ApplicationServices.GetRequiredService<StartupGate>();
        var problems = app.ApplicationServices.GetRequiredService<IProblemDetailsService>();
        app.Use((context, next) =>
        {
            if (gate.IsOpen || ManagementPaths.AnswersWhileStarting(context.Request.Path))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return problems.WriteAsync(new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = { Title = "The service is starting.", Detail = "It still prepares itself. Try again in a moment." },
            }).AsTask();
        });
    }

    // Without parameters for the framework to find: native AOT would need its code generated.
    private static async Task ReadyAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var report = await services.GetRequiredService<Readiness>().ReportAsync(context.RequestAborted);
        context.Response.StatusCode = report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var told = services.GetRequiredService<Operators>().IsOne(context) ? report : report.WithoutDetails();
        await context.Response.WriteAsJsonAsync(told, HealthJson.Default.ReadinessReport, cancellationToken: context.RequestAborted);
    }

    private static void AsProbe(this IEndpointConventionBuilder probe) => probe.AllowAnonymous().DisableHttpMetrics().ExcludeFromDescription();

    private static void Bound(HealthCheckServiceOptions options, IOptions<HealthSettings> settings)
    {
        foreach (var registration in options.Registrations)
        {
            if (registration.Timeout == Timeout.InfiniteTimeSpan)
            {
                registration.Timeout = settings.Value.CheckTimeout;
            }

            var create = registration.Factory;
            registration.Factory = provider => new BoundedHealthCheck(create(provider));
        }
    }
}
