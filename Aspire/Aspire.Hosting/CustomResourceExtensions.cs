using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Extensions for resources that the engine does not run itself.</summary>
public static class CustomResourceExtensions
{
    /// <summary>Says what the dashboard shows before anything happens.</summary>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(this IResourceBuilder<TResource> builder, CustomResourceSnapshot initialSnapshot)
        where TResource : IResource
        => builder.WithAnnotation(new ResourceSnapshotAnnotation(initialSnapshot), ResourceAnnotationMutationBehavior.Replace);
}
