using Aspire.Hosting.ApplicationModel;

namespace Trellis.Hosting.Testing;

/// <summary>Finds resources by the name that a test gives.</summary>
internal static class ResourceNames
{
    /// <summary>The resource of a name.</summary>
    /// <exception cref="ArgumentException">There is no resource of the name.</exception>
    public static IResource Find(IEnumerable<IResource> resources, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var all = resources.ToArray();
        return Array.Find(all, resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"There is no resource '{name}'. The model has: {string.Join(", ", all.Select(resource => resource.Name).Order(StringComparer.Ordinal))}.",
                nameof(name));
    }
}
