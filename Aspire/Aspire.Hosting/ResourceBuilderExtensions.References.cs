using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>References between resources.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Hands the resource the connection string of another, and its parts.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other.</param>
    /// <param name="connectionName">The name of the connection string; the other's name by default.</param>
    /// <param name="optional">Whether the connection string may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        builder.WithReferenceRelationship(resource);
        return builder.WithEnvironment(context =>
        {
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            foreach (var (property, value) in PropertiesOf(resource))
            {
                context.EnvironmentVariables[$"{Encode(name)}_{property}".ToUpperInvariant()] = value;
            }
        });
    }

    /// <summary>Lets the resource find another by its name (service discovery).</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.WithEndpointsOf(source.Resource, source.Resource.Name, _ => true);
    }

    /// <summary>Lets the resource find another by a name that differs from the other's own (service discovery).</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source,
        string name)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        return builder.WithEndpointsOf(source.Resource, name, _ => true);
    }

    /// <summary>Lets the resource find a service outside the application by a name (service discovery).</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The service's name.</param>
    /// <param name="uri">The service's address: absolute, without query and fragment.</param>
    /// <exception cref="InvalidOperationException">The address is relative, or has a query or a fragment.</exception>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new InvalidOperationException(
                $"The address '{uri}' of service '{name}', to which resource '{builder.Resource.Name}' refers, must be absolute and have neither query nor fragment.");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString()).WithEnvironment(Encode(name), uri.ToString());
    }

    /// <summary>Adds a part to those that references to the resource hand over, or changes one.</summary>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithConnectionString => builder.WithAnnotation(new ConnectionPropertyAnnotation(name, value));

    /// <summary>Adds a part to those that references to the resource hand over, or changes one.</summary>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, string value)
        where T : IResourceWithConnectionString
    {
        ArgumentNullException.ThrowIfNull(value);
        return builder.WithConnectionProperty(name, ReferenceExpression.Create($"{value}"));
    }

    /// <summary>A part of a connection string by its name, case aside; the empty expression when there is none.</summary>
    public static ReferenceExpression GetConnectionProperty(this IResourceWithConnectionString resource, string key)
        => resource.GetConnectionProperties()
            .Where(property => string.Equals(property.Key, key, StringComparison.OrdinalIgnoreCase))
            .Select(property => property.Value)
            .FirstOrDefault(ReferenceExpression.Empty);

    /// <summary>Lets the resource find one endpoint of another by its name (service discovery).</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.WithEndpointsOf(
            endpointReference.Resource,
            endpointReference.Resource.Name,
            e => string.Equals(e.EndpointName, endpointReference.EndpointName, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<KeyValuePair<string, ReferenceExpression>> PropertiesOf(IResourceWithConnectionString resource)
        => resource.CombineProperties(resource.Annotations.OfType<ConnectionPropertyAnnotation>().Select(property => KeyValuePair.Create(property.Name, property.Value)));

    private static IResourceBuilder<T> WithEndpointsOf<T>(
        this IResourceBuilder<T> builder,
        IResourceWithEndpoints source,
        string name,
        Func<EndpointReference, bool> filter)
        where T : IResourceWithEnvironment
    {
        builder.WithReferenceRelationship(source);
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.GetEndpoints().Where(filter))
            {
                context.EnvironmentVariables[$"{Encode(name)}_{Encode(endpoint.EndpointName)}".ToUpperInvariant()] = endpoint;
                context.EnvironmentVariables[$"services__{name}__{endpoint.EndpointName}__0"] = endpoint;
            }
        });
    }

    /// <summary>Names hold hyphens; environment variables had better not.</summary>
    private static string Encode(string name) => name.Replace('-', '_');
}
