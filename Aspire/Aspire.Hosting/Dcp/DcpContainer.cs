using System.Text.Json.Serialization.Metadata;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>A container that DCP lets the machine's container engine create, start and remove.</summary>
internal sealed record DcpContainer : IDcpWorkload<DcpContainer>
{
    public static string Plural => "containers";

    public static JsonTypeInfo<DcpContainer> TypeInfo => DcpJsonContext.Default.DcpContainer;

    public static JsonTypeInfo<DcpList<DcpContainer>> ListTypeInfo => DcpJsonContext.Default.DcpListDcpContainer;

    // What the engine writes while it fetches or builds the image belongs to the log too; it writes progress to its standard error.
    public static IReadOnlyList<(DcpLogSource Source, bool IsError)> Logs { get; } =
    [
        (DcpLogSource.StartupStandardOutput, false),
        (DcpLogSource.StartupStandardError, false),
        (DcpLogSource.StandardOutput, false),
        (DcpLogSource.StandardError, true),
    ];

    public string ApiVersion { get; init; } = DcpClient.ApiVersion;

    public string Kind { get; init; } = "Container";

    public required DcpMetadata Metadata { get; init; }

    public required DcpContainerSpec Spec { get; init; }

    public DcpContainerStatus? Status { get; init; }

    public string? State => Status?.State;

    public bool IsFinal => DcpContainerState.IsFinal(State);

    public static string StoppedState(string state) => state is DcpContainerState.Running or DcpContainerState.Starting ? DcpContainerState.Stopping : state;

    public DcpContainer InState(string state) => this with { Status = (Status ?? new DcpContainerStatus()) with { State = state } };

    public CustomResourceSnapshot Update(CustomResourceSnapshot before, IResource resource) => ContainerSnapshot.Update(before, this);
}

/// <summary>What to run. Arguments and environment values are Go templates.</summary>
internal sealed record DcpContainerSpec
{
    public required string Image { get; init; }

    /// <summary>How the image is made; null where it exists.</summary>
    public DcpBuildContext? Build { get; init; }

    /// <summary>The container engine's name for it.</summary>
    public string? ContainerName { get; init; }

    public IReadOnlyList<DcpVolumeMount>? VolumeMounts { get; init; }

    public IReadOnlyList<DcpContainerPort>? Ports { get; init; }

    public IReadOnlyList<DcpEnvironmentVariable>? Env { get; init; }

    /// <summary>The entry point; null for the image's own.</summary>
    public string? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Options for the container engine's command.</summary>
    public IReadOnlyList<string>? RunArgs { get; init; }

    /// <summary>Whether it outlives DCP.</summary>
    public bool? Persistent { get; init; }

    public IReadOnlyList<DcpNetworkConnection>? Networks { get; init; }

    /// <summary><c>always</c>, <c>missing</c> or <c>never</c>; null leaves it to the container engine.</summary>
    public string? PullPolicy { get; init; }

    public IReadOnlyList<DcpCreateFiles>? CreateFiles { get; init; }

    /// <summary>True stops the container; it cannot be unset.</summary>
    public bool? Stop { get; init; }
}

/// <summary>How an image is built.</summary>
internal sealed record DcpBuildContext(
    string Context,
    string Dockerfile,
    string? Stage,
    IReadOnlyList<DcpBuildArgument>? Args,
    IReadOnlyList<DcpBuildSecret>? Secrets);

/// <summary>A value for an <c>ARG</c> of a Dockerfile; without a value it comes from the environment of the build.</summary>
internal sealed record DcpBuildArgument(string Name, string? Value);

/// <summary>A secret of a build.</summary>
/// <param name="Id">The id by which the Dockerfile mounts it.</param>
/// <param name="Type"><c>file</c> or <c>env</c>.</param>
/// <param name="Source">The file.</param>
/// <param name="Value">The value.</param>
internal sealed record DcpBuildSecret(string Id, string Type, string? Source = null, string? Value = null);

/// <summary>A folder of the host (<c>bind</c>) or a volume (<c>volume</c>) inside the container.</summary>
internal sealed record DcpVolumeMount(string Type, string? Source, string Target, bool ReadOnly);

/// <summary>A port of the container that is to be reached from the host.</summary>
/// <param name="ContainerPort">The port inside.</param>
/// <param name="HostPort">The port outside; null lets the container engine choose one.</param>
/// <param name="Protocol"><c>TCP</c> or <c>UDP</c>.</param>
/// <param name="HostIP">The address outside; null is the loopback address.</param>
internal sealed record DcpContainerPort(int ContainerPort, int? HostPort, string Protocol, string? HostIP);

/// <summary>A network that the container is on, and the names it has there.</summary>
internal sealed record DcpNetworkConnection(string Name, IReadOnlyList<string> Aliases);

/// <summary>Files that are put into the container before it starts.</summary>
internal sealed record DcpCreateFiles(string Destination, int? DefaultOwner, int? DefaultGroup, int? Umask, IReadOnlyList<DcpFileEntry> Entries);

/// <summary>One of them.</summary>
/// <param name="Type"><c>file</c>, <c>directory</c> or <c>openssl</c>.</param>
internal sealed record DcpFileEntry(string Type, string Name)
{
    public int? Owner { get; init; }

    public int? Group { get; init; }

    public int? Mode { get; init; }

    public string? Source { get; init; }

    public string? Contents { get; init; }

    public bool? ContinueOnError { get; init; }

    public IReadOnlyList<DcpFileEntry>? Entries { get; init; }
}

internal sealed record DcpContainerStatus
{
    /// <summary>See <see cref="DcpContainerState"/>.</summary>
    public string? State { get; init; }

    public string? ContainerId { get; init; }

    public string? ContainerName { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Why it is in this state, where DCP has something to say.</summary>
    public string? Message { get; init; }

    public DateTimeOffset? StartupTimestamp { get; init; }

    public DateTimeOffset? FinishTimestamp { get; init; }

    public IReadOnlyList<DcpEnvironmentVariable>? EffectiveEnv { get; init; }

    public IReadOnlyList<string>? EffectiveArgs { get; init; }
}

/// <summary>The states of a container, as DCP writes them.</summary>
internal static class DcpContainerState
{
    public const string Pending = "Pending";
    public const string Building = "Building";
    public const string Starting = "Starting";
    public const string Running = "Running";
    public const string Paused = "Paused";
    public const string Stopping = "Stopping";

    /// <summary>It ended, by itself or because it was stopped.</summary>
    public const string Exited = "Exited";

    public const string FailedToStart = "FailedToStart";

    /// <summary>The container engine does not answer; the start goes on when it does.</summary>
    public const string RuntimeUnhealthy = "RuntimeUnhealthy";

    /// <summary>It is gone, or nothing is known about it.</summary>
    public const string Unknown = "Unknown";

    /// <summary>True when it does not run and will not.</summary>
    public static bool IsFinal(string? state) => state is Exited or FailedToStart or Unknown;
}
