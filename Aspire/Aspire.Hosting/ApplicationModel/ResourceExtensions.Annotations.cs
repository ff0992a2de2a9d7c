using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <content>Questions about annotations.</content>
public static partial class ResourceExtensions
{
    /// <summary>The URLs that are shown beside those of the endpoints.</summary>
    public static bool TryGetUrls(this IResource resource, [NotNullWhen(true)] out IEnumerable<ResourceUrlAnnotation>? urls)
        => resource.TryGetAnnotationsOfType(out urls);

    /// <summary>What sets environment variables.</summary>
    public static bool TryGetEnvironmentVariables(this IResource resource, [NotNullWhen(true)] out IEnumerable<EnvironmentCallbackAnnotation>? environmentVariables)
        => resource.TryGetAnnotationsOfType(out environmentVariables);

    /// <summary>All annotations of a type, of the resource and then of its parents.</summary>
    public static bool TryGetAnnotationsIncludingAncestorsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        var found = WithAncestors(resource).SelectMany(owner => owner.Annotations.OfType<T>()).ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether there is an annotation of a type on the resource or on one of its parents.</summary>
    public static bool HasAnnotationIncludingAncestorsOfType<T>(this IResource resource)
        where T : IResourceAnnotation => WithAncestors(resource).Any(owner => owner.HasAnnotationOfType<T>());

    private static IEnumerable<IResource> WithAncestors(IResource resource)
    {
        for (IResource? owner = resource; owner is not null; owner = (owner as IResourceWithParent)?.Parent)
        {
            yield return owner;
        }
    }
}
