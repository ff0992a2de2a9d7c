namespace Aspire.Hosting.ApplicationModel;

/// <summary>A change of a resource's state.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The id of the instance; the name for resources that have but one.</param>
/// <param name="snapshot">The state after the change.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The id of the instance; the name for resources that have but one.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>The state after the change.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;

    /// <summary>Counts the changes of the instance from 1.</summary>
    internal long Version { get; init; }
}
