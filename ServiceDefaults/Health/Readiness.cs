using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Trellis.ServiceDefaults.Health;

/// <summary>Answers <c>/ready</c>: draining, then starting, then the dependencies.</summary>
internal sealed class Readiness(
    IStartupGate gate,
    Draining draining,
    IHostApplicationLifetime lifetime,
    HealthCheckService checks)
{
    public async Task<JsonHttpResult<ReadinessReport>> ReportAsync(CancellationToken cancellationToken)
    {
        if (draining.HasBegun)
        {
            return NotReady(new ReadinessReport("draining"));
        }

        var waiting = gate.Waiting;
        if (waiting.Count > 0 || !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return NotReady(new ReadinessReport("starting", WaitingFor: waiting));
        }

        // The probe is not traced, so what it does to the dependencies is not either.
        using var untraced = SuppressInstrumentationScope.Begin();
        var report = await checks.CheckHealthAsync(cancellationToken);
        // Names and states only: descriptions and exceptions name hosts and users.
        var states = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString(), StringComparer.Ordinal);
        return report.Status == HealthStatus.Unhealthy
            ? NotReady(new ReadinessReport("unready", Checks: states))
            : TypedResults.Json(new ReadinessReport("ready", Checks: states));
    }

    private static JsonHttpResult<ReadinessReport> NotReady(ReadinessReport report) =>
        TypedResults.Json(report, statusCode: StatusCodes.Status503ServiceUnavailable);
}
