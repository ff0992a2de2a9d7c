using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Catalog.Data;

/// <summary>Unhealthy until the schema is up to date and the catalogue is filled.</summary>
internal sealed class DatabasePreparedCheck(DatabasePreparation preparation) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(preparation.Done
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The database is being prepared."));
}
