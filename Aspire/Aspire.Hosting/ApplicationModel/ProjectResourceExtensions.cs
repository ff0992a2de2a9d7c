namespace Aspire.Hosting.ApplicationModel;

/// <summary>Questions about projects.</summary>
public static class ProjectResourceExtensions
{
    /// <summary>Where the project is and how it is launched.</summary>
    public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource)
        => projectResource.Annotations.OfType<IProjectMetadata>().Single();

    /// <summary>The projects of a model.</summary>
    public static IEnumerable<ProjectResource> GetProjectResources(this DistributedApplicationModel model)
        => model.Resources.OfType<ProjectResource>();
}
