using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>Waiting for others.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource once another runs, is healthy, and has been prepared by all who subscribed to its readiness.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, null);

    /// <summary>Starts the resource once another runs and is healthy.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other.</param>
    /// <param name="waitBehavior">What happens when the other fails.</param>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.WaitFor(dependency, (WaitBehavior?)waitBehavior);

    private static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior? waitBehavior)
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
        if (other is IResourceWithParent { Parent: { } server })
        {
            builder.WaitFor(builder.ApplicationBuilder.CreateResourceBuilder(server), waitBehavior);
        }

        builder.WithRelationship(other, KnownRelationshipTypes.WaitFor);
        return builder.WithAnnotation(new WaitAnnotation(other, WaitType.WaitUntilHealthy) { WaitBehavior = waitBehavior });
    }
}
