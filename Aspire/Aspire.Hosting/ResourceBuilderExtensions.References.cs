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
            foreach (var (property, value) in resource.GetConnectionProperties())
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
        return builder.WithEndpointsOf(source.Resource, _ => true);
    }

    /// <summary>Lets the resource find one endpoint of another by its name (service discovery).</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.WithEndpointsOf(
            endpointReference.Resource,
            e => string.Equals(e.EndpointName, endpointReference.EndpointName, StringComparison.OrdinalIgnoreCase));
    }

    private static IResourceBuilder<T> WithEndpointsOf<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints source, Func<EndpointReference, bool> filter)
        where T : IResourceWithEnvironment
    {
        builder.WithReferenceRelationship(source);
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.GetEndpoints().Where(filter))
            {
                context.EnvironmentVariables[$"{Encode(source.Name)}_{Encode(endpoint.EndpointName)}".ToUpperInvariant()] = endpoint;
                context.EnvironmentVariables[$"services__{source.Name}__{endpoint.EndpointName}__0"] = endpoint;
            }
        });
    }

    /// <summary>Names hold hyphens; environment variables had better not.</summary>
    private static string Encode(string name) => name.Replace('-', '_');
}
