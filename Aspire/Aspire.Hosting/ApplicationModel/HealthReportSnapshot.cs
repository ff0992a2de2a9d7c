using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last result of one health check.</summary>
/// <param name="Name">The check's name.</param>
/// <param name="Status">The result; null before the first run.</param>
/// <param name="Description">What the check said.</param>
/// <param name="ExceptionText">What it threw.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When it last ran, in UTC.</summary>
    public DateTime? LastRunAt { get; init; }
}
