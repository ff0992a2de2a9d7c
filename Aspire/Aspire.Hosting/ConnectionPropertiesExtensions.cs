using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Helps resources to say which parts their connection strings have.</summary>
public static class ConnectionPropertiesExtensions
{
    /// <summary>The parts of a resource, and more; where both have one of a name, case aside, the additional one counts.</summary>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> CombineProperties(
        this IResourceWithConnectionString source,
        IEnumerable<KeyValuePair<string, ReferenceExpression>> additional)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(additional);
        return source.GetConnectionProperties().Concat(additional)
            .GroupBy(property => property.Key, StringComparer.OrdinalIgnoreCase)
            .Select(same => KeyValuePair.Create(same.Key, same.Last().Value));
    }
}
