using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The name under which the container engine knows a container, where the AppHost fixes it.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}")]
public sealed class ContainerNameAnnotation : IResourceAnnotation
{
    /// <summary>The name, unique on the machine.</summary>
    public required string Name { get; set; }
}
