using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trellis.ServiceDefaults.Health;

/// <summary>
/// Gives a check up when its time is over, even one that ignores its token: one hanging dependency must not make readiness hang.
/// </summary>
internal sealed class BoundedHealthCheck(IHealthCheck check) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.Run(() => check.CheckHealthAsync(context, cancellationToken), cancellationToken).WaitAsync(cancellationToken);
}
