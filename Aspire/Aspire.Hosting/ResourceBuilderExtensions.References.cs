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
        var flags = FlagsOf(builder.Resource);
        builder.WithReferenceRelationship(resource);
        return builder.WithEnvironment(context =>
        {
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionString))
            {
                var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
                context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionProperties))
            {
                foreach (var (property, value) in PropertiesOf(resource))
                {
                    var prefix = name.Length > 0 ? EnvironmentVariableName.Encode(name) + "_" : string.Empty;
                    context.EnvironmentVariables[(prefix + property).ToUpperInvariant()] = value;
                }
            }
        });
    }

    /// <summary>Limits the environment variables that references set on the resource.</summary>
    /// <remarks>References to connection strings and external services follow what was said before them, references to endpoints what was said last.</remarks>
    /// <param name="builder">The resource.</param>
    /// <param name="flags">Those that are set; all where nothing is said.</param>
    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder,
        ReferenceEnvironmentInjectionFlags flags)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ReferenceEnvironmentInjectionAnnotation(flags));
    }

    /// <summary>Lets the resource find another by its name (service discovery).</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.WithEndpointsOf(source.Resource, null, null);
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
        return builder.WithEndpointsOf(source.Resource, name, null);
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

        return builder.WithAddress(name, "default", EnvironmentVariableName.Encode(name), uri);
    }

    /// <summary>Lets the resource find a service outside the application by its name (service discovery).</summary>
    /// <exception cref="DistributedApplicationException">At start: the parameter that holds the service's address has a value that cannot be used.</exception>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<ExternalServiceResource> externalService)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(externalService);
        var service = externalService.Resource;
        var variable = EnvironmentVariableName.Encode(service.Name).ToUpperInvariant();
        builder.WithReferenceRelationship(service);
        if (service.Uri is { } uri)
        {
            return builder.WithAddress(service.Name, uri.Scheme, variable, uri);
        }

        var flags = FlagsOf(builder.Resource);
        return builder.WithEnvironment(async context =>
        {
            // Nobody knows the scheme before the parameter has a value.
            var scheme = context.ExecutionContext.IsPublishMode ? null : (await service.GetUriAsync(context.CancellationToken).ConfigureAwait(false)).Scheme;
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
            {
                context.EnvironmentVariables[$"services__{service.Name}__{scheme ?? "default"}__0"] = service.UrlParameter!;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
            {
                context.EnvironmentVariables[scheme is null ? variable : $"{variable}_{EnvironmentVariableName.Encode(scheme).ToUpperInvariant()}"] = service.UrlParameter!;
            }
        });
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
        return builder.WithEndpointsOf(endpointReference.Resource, null, endpointReference.EndpointName);
    }

    private static IEnumerable<KeyValuePair<string, ReferenceExpression>> PropertiesOf(IResourceWithConnectionString resource)
        => resource.CombineProperties(resource.Annotations.OfType<ConnectionPropertyAnnotation>().Select(property => KeyValuePair.Create(property.Name, property.Value)));

    private static ReferenceEnvironmentInjectionFlags FlagsOf(IResource resource)
        => resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var annotation) ? annotation.Flags : ReferenceEnvironmentInjectionFlags.All;

    private static IResourceBuilder<T> WithAddress<T>(this IResourceBuilder<T> builder, string serviceName, string scheme, string variable, Uri uri)
        where T : IResourceWithEnvironment
    {
        var flags = FlagsOf(builder.Resource);
        if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
        {
            builder.WithEnvironment($"services__{serviceName}__{scheme}__0", uri.ToString());
        }

        return flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints) ? builder.WithEnvironment(variable, uri.ToString()) : builder;
    }

    /// <summary>One pass over the endpoints for all references to the same source, so that each endpoint gets one number.</summary>
    private static IResourceBuilder<T> WithEndpointsOf<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints source, string? name, string? endpointName)
        where T : IResourceWithEnvironment
    {
        builder.WithReferenceRelationship(source);
        var reference = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>()
            .SingleOrDefault(other => other.Resource == source && other.ServiceName == name);
        if (reference is null)
        {
            reference = new EndpointReferenceAnnotation(source) { ServiceName = name };
            builder.WithAnnotation(reference).WithEnvironment(context => SetAddresses(reference, context));
        }

        if (endpointName is null)
        {
            reference.UseAllEndpoints = true;
        }
        else
        {
            reference.EndpointNames.Add(endpointName);
        }

        return builder;
    }

    private static void SetAddresses(EndpointReferenceAnnotation reference, EnvironmentCallbackContext context)
    {
        var flags = FlagsOf(context.Resource);
        var variables = context.EnvironmentVariables;
        var service = reference.ServiceName ?? reference.Resource.Name;
        var prefix = EnvironmentVariableName.Encode(reference.ServiceName ?? service.ToUpperInvariant());
        foreach (var endpoint in reference.Resource.GetEndpoints().Where(reference.Includes))
        {
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
            {
                variables[$"{prefix}_{EnvironmentVariableName.Encode(endpoint.EndpointName).ToUpperInvariant()}"] = endpoint;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
            {
                var key = $"services__{service}__{(endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName)}__";
                variables[key + Enumerable.Range(0, int.MaxValue).First(number => !variables.ContainsKey(key + number))] = endpoint;
            }
        }
    }
}
