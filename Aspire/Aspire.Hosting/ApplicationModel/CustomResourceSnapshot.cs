using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of a resource at one moment, as the dashboard shows it.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>The type, such as Project or Container.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Name and value pairs about it.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When it was added.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Whether the dashboard leaves it out.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The state.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code, once it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The worst result of its health checks; null unless it runs.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running
        ? null
        : HealthReports.IsEmpty
            ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    /// <summary>The result of each health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>Environment variables.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Where it can be reached.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Mounted folders.</summary>
    public ImmutableArray<VolumeSnapshot> Volumes { get; init; } = [];

    /// <summary>What can be done with it.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>What it has to do with others.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>A Fluent UI icon; the dashboard chooses by the type when null.</summary>
    public string? IconName { get; init; }

    /// <summary>The icon's face.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>Whether it has ended or could not start, and does not run again without somebody's doing.</summary>
    internal bool IsOver => State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    /// <summary>The state, and the exit code where there is one, for people. The engine says -1 of a process that a signal has ended.</summary>
    internal string StateAndExitCode =>
        $"{State?.Text}{(ExitCode is not { } code ? string.Empty : code == -1 ? ", exit code -1: ended by a signal" : $", exit code {code}")}";

    /// <summary>Completes when all that wait for the resource to become ready have done their work; null before it is ready.</summary>
    internal Task? ReadyHandlers { get; init; }
}
