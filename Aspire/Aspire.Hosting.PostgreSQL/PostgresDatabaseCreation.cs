using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Creates the databases of a server that has just become ready.</summary>
internal static partial class PostgresDatabaseCreation
{
    /// <summary>Creates those that are missing. A failure is logged, and shows as the database's health.</summary>
    public static async Task CreateDatabasesAsync(
        string connectionString, IEnumerable<PostgresDatabaseResource> databases, ILogger logger, CancellationToken cancellationToken)
    {
        // Not from the pool: after a restart of the server the pool holds connections to the server that is gone.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var database in databases)
        {
            await CreateDatabaseAsync(connection, database, logger, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CreateDatabaseAsync(
        NpgsqlConnection connection, PostgresDatabaseResource database, ILogger logger, CancellationToken cancellationToken)
    {
        // Asked first: a CREATE that fails would leave an error in the server's log at every start.
        if (await ExistsAsync(connection, database.DatabaseName, cancellationToken).ConfigureAwait(false))
        {
            LogExists(logger, database.DatabaseName);
            return;
        }

        var script = database.Annotations.OfType<PostgresCreationScriptAnnotation>().LastOrDefault()?.Script
            ?? $"CREATE DATABASE {Quoted(database.DatabaseName)}";
        try
        {
#pragma warning disable CA2100 // The script is the AppHost author's own; an identifier cannot be a parameter.
            await using var command = new NpgsqlCommand(script, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            LogCreated(logger, database.DatabaseName);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            LogExists(logger, database.DatabaseName);
        }
        catch (NpgsqlException exception)
        {
            LogFailed(logger, database.DatabaseName, exception.Message);
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string databaseName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = databaseName } },
        };
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [LoggerMessage(LogLevel.Information, "Created database '{DatabaseName}'.")]
    private static partial void LogCreated(ILogger logger, string databaseName);

    [LoggerMessage(LogLevel.Debug, "Database '{DatabaseName}' exists.")]
    private static partial void LogExists(ILogger logger, string databaseName);

    [LoggerMessage(LogLevel.Error, "Database '{DatabaseName}' could not be created: {Reason}. Correct its creation script, and restart the server.")]
    private static partial void LogFailed(ILogger logger, string databaseName, string reason);
}
