using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Healthy when the server lets us in and answers a query.</summary>
/// <param name="connectionString">Gives the connection string, or <see langword="null"/> while it is not known.</param>
internal sealed class PostgresHealthCheck(Func<string?> connectionString) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (connectionString() is not { } known)
        {
            return new(context.Registration.FailureStatus, "The connection string is not known yet.");
        }

        try
        {
            // Without a pool: a kept connection would hold up the server's stop and break on its restart.
            var settings = new NpgsqlConnectionStringBuilder(known) { Pooling = false };
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException or ArgumentException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
