using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>Waiting for others.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource once another runs, is healthy, and has been prepared by all who subscribed to its readiness.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, WaitType.WaitUntilHealthy, null);

    /// <summary>Starts the resource once another runs and is healthy.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other.</param>
    /// <param name="waitBehavior">What happens when the other fails.</param>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Starts the resource once another runs, healthy or not.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, WaitType.WaitUntilStarted, null);

    /// <summary>Starts the resource once another runs, healthy or not.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other.</param>
    /// <param name="waitBehavior">What happens when the other fails.</param>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, WaitType.WaitUntilStarted, waitBehavior);

    /// <summary>Starts the resource once another has ended; when it ends with another exit code, the resource does not start.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other.</param>
    /// <param name="exitCode">The exit code that the other is to end with.</param>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, WaitType.WaitForCompletion, null, exitCode);

    /// <summary>Leaves the resource unstarted until somebody asks for it.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder.WithAnnotation(new ExplicitStartupAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        WaitType type,
        WaitBehavior? waitBehavior,
        int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(dependency);
        var other = dependency.Resource;
        if (ReferenceEquals(builder.Resource, other))
        {
            throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for itself.");
        }

        for (var parent = (builder.Resource as IResourceWithParent)?.Parent; parent is not null; parent = (parent as IResourceWithParent)?.Parent)
        {
            if (ReferenceEquals(parent, other))
            {
                throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for its parent '{other.Name}'.");
            }
        }

        // A database is there when its server is: waiting for the child is waiting for the parent too.
        if (type != WaitType.WaitForCompletion && other is IResourceWithParent { Parent: { } server })
        {
            builder.WaitFor(builder.ApplicationBuilder.CreateResourceBuilder(server), type, waitBehavior);
        }

        builder.WithRelationship(other, KnownRelationshipTypes.WaitFor);
        return builder.WithAnnotation(new WaitAnnotation(other, type, exitCode) { WaitBehavior = waitBehavior });
    }
}
