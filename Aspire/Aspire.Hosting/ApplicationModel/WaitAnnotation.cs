using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource starts only after another.</summary>
/// <param name="resource">The other.</param>
/// <param name="waitType">What is waited for.</param>
/// <param name="exitCode">The exit code that counts as completion.</param>
[DebuggerDisplay("Resource = {Resource.Name}")]
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The resource that is waited for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What happens when the resource cannot become available; null for the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}
