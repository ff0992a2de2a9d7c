namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// What can be set for a context on PostgreSQL: in the configuration section <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>,
/// in its subsection named after the connection or the context, or in code.
/// </summary>
public partial class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The Npgsql connection string. <c>ConnectionStrings:&lt;name&gt;</c> wins over the sections.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether failed commands are <b>not</b> repeated on transient errors. Default: they are repeated.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Whether no health check is registered for the context. Default: one is.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether Npgsql's spans are left out of OpenTelemetry. Default: they are exported.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether Npgsql's instruments are left out of OpenTelemetry. Default: they are exported.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>How long a command may take, in seconds. Null leaves it to the connection string (Npgsql's default is 30).</summary>
    public int? CommandTimeout { get; set; }
}
