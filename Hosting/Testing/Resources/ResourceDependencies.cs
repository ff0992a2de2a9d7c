using Aspire.Hosting.ApplicationModel;

namespace Trellis.Hosting.Testing;

/// <summary>What a resource cannot run without.</summary>
internal static class ResourceDependencies
{
    private static readonly string[] Needed = ["Reference", "WaitFor", "Parent"];

    /// <summary>
    /// The resources themselves, all that they refer to or wait for, directly or not, and with each of them the resource that it is a part of and
    /// those that are parts of it (a database server's process is one).
    /// </summary>
    public static HashSet<IResource> Of(IEnumerable<IResource> resources, IEnumerable<IResource> model) =>
        Closure(resources, resource => DirectOf(resource).Concat(PartsOf(resource, model)));

    /// <summary>The resources that hold a resource back, directly or not, with their parts; and the resource itself.</summary>
    public static HashSet<IResource> WaitsOf(IResource resource, IEnumerable<IResource> model) =>
        Closure([resource], r => r.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource)
            .Concat(r is IResourceWithParent part ? [part.Parent] : [])
            .Concat(PartsOf(r, model).Where(p => p is not IResourceWithParent)));

    private static IEnumerable<IResource> DirectOf(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource)
            .Concat(resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Where(relationship => Needed.Contains(relationship.Type, StringComparer.OrdinalIgnoreCase))
                .Select(relationship => relationship.Resource))
            .Concat(resource is IResourceWithParent part ? [part.Parent] : []);

    private static IEnumerable<IResource> PartsOf(IResource whole, IEnumerable<IResource> model) =>
        model.Where(resource => (resource is IResourceWithParent part && part.Parent == whole)
            || resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(relationship =>
                relationship.Resource == whole && string.Equals(relationship.Type, "Parent", StringComparison.OrdinalIgnoreCase)));

    private static HashSet<IResource> Closure(IEnumerable<IResource> start, Func<IResource, IEnumerable<IResource>> next)
    {
        var found = new HashSet<IResource>(ReferenceEqualityComparer.Instance);
        var open = new Stack<IResource>(start);
        while (open.TryPop(out var resource))
        {
            if (found.Add(resource))
            {
                foreach (var other in next(resource))
                {
                    open.Push(other);
                }
            }
        }

        return found;
    }
}
