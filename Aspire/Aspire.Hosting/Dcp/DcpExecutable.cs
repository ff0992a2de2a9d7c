using System.Text.Json.Serialization.Metadata;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>A process that DCP starts, watches and stops. It is never restarted by itself.</summary>
internal sealed record DcpExecutable : IDcpWorkload<DcpExecutable>
{
    public static string Plural => "executables";

    public static JsonTypeInfo<DcpExecutable> TypeInfo => DcpJsonContext.Default.DcpExecutable;

    public static JsonTypeInfo<DcpList<DcpExecutable>> ListTypeInfo => DcpJsonContext.Default.DcpListDcpExecutable;

    public static IReadOnlyList<(DcpLogSource Source, bool IsError)> Logs { get; } = [(DcpLogSource.StandardOutput, false), (DcpLogSource.StandardError, true)];

    public string ApiVersion { get; init; } = DcpClient.ApiVersion;

    public string Kind { get; init; } = "Executable";

    public required DcpMetadata Metadata { get; init; }

    public required DcpExecutableSpec Spec { get; init; }

    public DcpExecutableStatus? Status { get; init; }

    public string? State => Status?.State;

    public bool IsFinal => DcpExecutableState.IsFinal(State);

    // DCP says Running until it has seen the request, and Finished of a process that obeys SIGTERM.
    public static string StoppedState(string state) => state switch
    {
        DcpExecutableState.Running or DcpExecutableState.Starting => DcpExecutableState.Stopping,
        DcpExecutableState.Finished => DcpExecutableState.Terminated,
        _ => state,
    };

    public DcpExecutable InState(string state) => this with { Status = (Status ?? new DcpExecutableStatus()) with { State = state } };

    public CustomResourceSnapshot Update(CustomResourceSnapshot before, IResource resource) => ExecutableSnapshot.Update(before, resource, this);
}

/// <summary>What to run. Arguments and environment values are Go templates.</summary>
internal sealed record DcpExecutableSpec
{
    /// <summary>A path, or a name that is looked for in <c>PATH</c>.</summary>
    public required string ExecutablePath { get; init; }

    public string? WorkingDirectory { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<DcpEnvironmentVariable>? Env { get; init; }

    /// <summary><c>Process</c>, or <c>IDE</c>, which is not used here.</summary>
    public string ExecutionType { get; init; } = "Process";

    public DcpAmbientEnvironment? AmbientEnvironment { get; init; }

    /// <summary>False creates the object without a process; it can be set to true later, not back.</summary>
    public bool? Start { get; init; }

    /// <summary>True stops the process; it cannot be unset.</summary>
    public bool? Stop { get; init; }
}

internal sealed record DcpEnvironmentVariable(string Name, string Value);

/// <summary>Whether the process also gets DCP's own environment: <c>Inherit</c> (the default) or <c>DoNotInherit</c>.</summary>
internal sealed record DcpAmbientEnvironment(string Behavior);

internal sealed record DcpExecutableStatus
{
    /// <summary>See <see cref="DcpExecutableState"/>.</summary>
    public string? State { get; init; }

    public long? Pid { get; init; }

    /// <summary>The process's exit code, once it has one.</summary>
    public int? ExitCode { get; init; }

    public DateTimeOffset? StartupTimestamp { get; init; }

    public DateTimeOffset? FinishTimestamp { get; init; }

    /// <summary>The whole environment of the process, templates resolved.</summary>
    public IReadOnlyList<DcpEnvironmentVariable>? EffectiveEnv { get; init; }

    /// <summary>The arguments, templates resolved.</summary>
    public IReadOnlyList<string>? EffectiveArgs { get; init; }

    public string? StdOutFile { get; init; }

    public string? StdErrFile { get; init; }
}

/// <summary>The states of an executable, as DCP writes them.</summary>
internal static class DcpExecutableState
{
    public const string Starting = "Starting";
    public const string Running = "Running";
    public const string Stopping = "Stopping";

    /// <summary>It ended by itself.</summary>
    public const string Finished = "Finished";

    /// <summary>It was stopped.</summary>
    public const string Terminated = "Terminated";

    public const string FailedToStart = "FailedToStart";
    public const string Unknown = "Unknown";

    /// <summary>True when no process runs and none will.</summary>
    public static bool IsFinal(string? state) => state is Finished or Terminated or FailedToStart or Unknown;
}

/// <summary>
/// An executable's claim to serve a service; its list, as JSON, is the annotation <see cref="AnnotationName"/>.
/// </summary>
/// <param name="ServiceName">The DCP service's name.</param>
/// <param name="Address">Where the process listens; null is localhost.</param>
/// <param name="Port">The port on which the process listens; null lets DCP choose one, known to the process by <c>portForServing</c>.</param>
internal sealed record DcpServiceProducer(string ServiceName, string? Address = null, int? Port = null)
{
    public const string AnnotationName = "service-producer";
}
