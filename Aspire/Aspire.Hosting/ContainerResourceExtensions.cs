using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Tells containers from other resources.</summary>
public static class ContainerResourceExtensions
{
    /// <summary>The resources that are containers.</summary>
    public static IEnumerable<IResource> GetContainerResources(this DistributedApplicationModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Resources.Where(IsContainer);
    }

    /// <summary>Whether a resource is a container: whether it has an image.</summary>
    public static bool IsContainer(this IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.HasAnnotationOfType<ContainerImageAnnotation>();
    }
}
