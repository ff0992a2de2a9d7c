namespace Aspire.Hosting.ApplicationModel;

/// <summary>Limits the environment variables that references set on the resource.</summary>
/// <param name="flags">Those that are set.</param>
public sealed class ReferenceEnvironmentInjectionAnnotation(ReferenceEnvironmentInjectionFlags flags) : IResourceAnnotation
{
    /// <summary>Those that are set.</summary>
    public ReferenceEnvironmentInjectionFlags Flags { get; } = flags;
}
