using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>The container that stands in the manifest for a resource that runs as a process; it shares all that is said of that resource.</summary>
/// <param name="process">The resource that runs as a process.</param>
internal sealed class PublishedContainer(IResource process) : ContainerResource(process.Name)
{
    public override ResourceAnnotationCollection Annotations => process.Annotations;

    /// <summary>Puts a container in the place of a process, in publish mode only; a second call only configures it again.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="contextPath">The folder of the Dockerfile.</param>
    /// <param name="configure">Changes the container.</param>
    public static IResourceBuilder<T> Replace<T>(IResourceBuilder<T> builder, string contextPath, Action<IResourceBuilder<ContainerResource>> configure)
        where T : IResource
    {
        var application = builder.ApplicationBuilder;
        if (!application.ExecutionContext.IsPublishMode)
        {
            return builder;
        }

        if (application.TryCreateResourceBuilder<PublishedContainer>(builder.Resource.Name, out var existing))
        {
            configure(existing);
            return builder;
        }

        application.Resources.Remove(builder.Resource);
        var container = new PublishedContainer(builder.Resource);
        var added = application.AddResource(container);
        added.WithImage(builder.Resource.Name);
        added.WithDockerfile(contextPath);
        configure(added);

        // Who still holds the process and lets it be written gets the container too.
        return builder.WithManifestPublishingCallback(context => context.WriteContainerAsync(container));
    }
}
