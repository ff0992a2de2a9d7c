namespace Aspire.Hosting.ApplicationModel;

/// <summary>Finds resources that would hold each other back for ever.</summary>
internal static class ResourceCycles
{
    /// <summary>Refuses a model in which resources wait for each other in a circle, or projects refer to each other in one.</summary>
    /// <exception cref="DistributedApplicationException">There is a circle; the message names it.</exception>
    public static void Refuse(DistributedApplicationModel model)
    {
        if (Find(model.Resources, WaitsOf) is { } waits)
        {
            throw new DistributedApplicationException(
                $"These resources wait for each other, so none of them could start: {Text(waits)}. Remove one of the calls of WaitFor.");
        }

        if (Find(model.Resources.OfType<ProjectResource>(), ReferencesOf) is { } references)
        {
            throw new DistributedApplicationException(
                $"These projects refer to each other in a circle: {Text(references)}. Remove one of the calls of WithReference.");
        }

        if (Find(model.Resources, ValuesOf) is { } values)
        {
            throw new DistributedApplicationException(
                $"The connection strings of these resources are made of each other, so none of them has a value: {Text(values)}.");
        }
    }

    private static IEnumerable<IResource> WaitsOf(IResource resource) => resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource);

    // The connection strings that one is made of.
    private static IEnumerable<IResource> ValuesOf(IResource resource)
    {
        // A parameter's expression is the parameter itself.
        var open = new Stack<object>(resource is IResourceWithConnectionString owner and not ParameterResource ? [owner.ConnectionStringExpression] : []);
        while (open.TryPop(out var value))
        {
            if ((value as ConnectionStringReference)?.Resource is { } referenced)
            {
                yield return referenced;
            }
            else if (value is IResource named)
            {
                yield return named;
            }
            else if (value is not EndpointReference and not EndpointReferenceExpression)
            {
                foreach (var part in (value as IValueWithReferences)?.References ?? [])
                {
                    open.Push(part);
                }
            }
        }
    }

    private static IEnumerable<IResource> ReferencesOf(IResource resource) => resource.Annotations.OfType<ResourceRelationshipAnnotation>()
        .Where(relationship => relationship.Type == KnownRelationshipTypes.Reference && !ReferenceEquals(relationship.Resource, resource))
        .Select(relationship => relationship.Resource)
        .OfType<ProjectResource>();

    private static string Text(IEnumerable<IResource> cycle) => string.Join(" -> ", cycle.Select(resource => resource.Name));

    private static List<IResource>? Find(IEnumerable<IResource> resources, Func<IResource, IEnumerable<IResource>> next)
    {
        var done = new HashSet<IResource>(ReferenceEqualityComparer.Instance);
        var path = new List<IResource>();
        return resources.Select(Walk).FirstOrDefault(cycle => cycle is not null);

        List<IResource>? Walk(IResource resource)
        {
            if (path.IndexOf(resource) is >= 0 and var start)
            {
                return [.. path[start..], resource];
            }

            if (!done.Add(resource))
            {
                return null;
            }

            path.Add(resource);
            var cycle = next(resource).Select(Walk).FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            return cycle;
        }
    }
}
