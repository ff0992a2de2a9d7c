using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Healthy while the context's database answers.</summary>
internal sealed class DbContextHealthCheck<TContext>(TContext context) : IHealthCheck
    where TContext : DbContext
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext healthContext, CancellationToken cancellationToken = default)
    {
        // Not through the context's execution strategy: a probe wants to know how it is now, not after a minute of retries.
        var connection = context.Database.GetDbConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);

            // A pooled connection opens without a word to the server, which may be gone.
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or SocketException)
        {
            return new HealthCheckResult(healthContext.Registration.FailureStatus, "The database does not answer.", failure);
        }
        finally
        {
            await connection.CloseAsync();
        }
    }
}
