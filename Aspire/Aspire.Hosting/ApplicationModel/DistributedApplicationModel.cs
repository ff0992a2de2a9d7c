namespace Aspire.Hosting.ApplicationModel;

/// <summary>All that the AppHost describes.</summary>
public class DistributedApplicationModel
{
    /// <summary>A model of these resources.</summary>
    public DistributedApplicationModel(IResourceCollection resources) => Resources = resources;

    /// <summary>A model of these resources.</summary>
    public DistributedApplicationModel(IEnumerable<IResource> resources) => Resources = new ResourceCollection(resources);

    /// <summary>The resources, in the order in which they were added.</summary>
    public IResourceCollection Resources { get; }
}
