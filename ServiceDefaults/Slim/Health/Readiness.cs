using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Health;

/// <summary>Whether the service can take requests: not while draining, not while starting, and not without its dependencies.</summary>
internal sealed class Readiness(
    IStartupGate gate,
    Draining draining,
    IHostApplicationLifetime lifetime,
    DependencyChecks dependencies,
    IBreakerStates? breakers = null)
{
    public async Task<ReadinessReport> ReportAsync(CancellationToken cancellationToken)
    {
        if (draining.HasBegun)
        {
            return new ReadinessReport("draining");
        }

        var waiting = gate.Waiting;
        if (waiting.Count > 0 || !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return new ReadinessReport("starting", WaitingFor: waiting);
        }

        var report = await dependencies.ReportAsync(cancellationToken);
        // The drain may have begun while a dependency was slow to answer.
        if (draining.HasBegun)
        {
            return new ReadinessReport("draining");
        }

        // Names and states only: descriptions and exceptions name hosts and users.
        // An open breaker leaves the service ready: it answers what needs no such call, and no other instance could do better.
        var states = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString(), StringComparer.Ordinal);
        return new ReadinessReport(report.Status == HealthStatus.Unhealthy ? "unready" : "ready", Checks: states, Breakers: breakers?.States is { Count: > 0 } open ? open : null);
    }
}
