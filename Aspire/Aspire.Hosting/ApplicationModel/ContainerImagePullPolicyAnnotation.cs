using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>When a container's image is fetched from its registry.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}")]
public sealed class ContainerImagePullPolicyAnnotation : IResourceAnnotation
{
    /// <summary>When it is fetched.</summary>
    public required ImagePullPolicy ImagePullPolicy { get; set; }
}
