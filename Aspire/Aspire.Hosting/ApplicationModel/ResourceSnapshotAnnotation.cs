namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is shown of a resource before anything happens.</summary>
/// <param name="initialSnapshot">The snapshot.</param>
public class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The snapshot.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}
