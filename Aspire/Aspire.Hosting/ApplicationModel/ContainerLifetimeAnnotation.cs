using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How long a container lives.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}")]
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    /// <summary>How long it lives.</summary>
    public required ContainerLifetime Lifetime { get; set; }
}
