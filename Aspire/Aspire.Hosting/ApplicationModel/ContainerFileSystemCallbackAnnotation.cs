using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Puts files into a container before it starts.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, DestinationPath = {DestinationPath}")]
public sealed class ContainerFileSystemCallbackAnnotation : IResourceAnnotation
{
    /// <summary>The folder inside the container.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>Describes the files; called each time the container is created.</summary>
    public required Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> Callback { get; init; }

    /// <summary>The id of the user that owns what names no owner; null for root.</summary>
    public int? DefaultOwner { get; init; }

    /// <summary>The id of the group that owns what names no group; null for root.</summary>
    public int? DefaultGroup { get; init; }

    /// <summary>The permissions that are taken away from what names none; null for 022.</summary>
    public UnixFileMode? Umask { get; set; }
}
