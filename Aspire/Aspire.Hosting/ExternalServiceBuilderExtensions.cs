using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds services that run outside of the application.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service at a known address. It is not in the manifest; who refers to it has its address there.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="url">The address: absolute, without query and fragment.</param>
    /// <exception cref="ArgumentException">The address cannot be used; the message says why.</exception>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, [ResourceName] string name, string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return ExternalServiceResource.TryParse(url, out var uri, out var problem)
            ? builder.AddExternalService(name, uri)
            : throw new ArgumentException($"The address '{url}' of the external service '{name}' {problem}.", nameof(url));
    }

    /// <summary>Adds a service at a known address. It is not in the manifest; who refers to it has its address there.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="uri">The address: absolute, without query and fragment.</param>
    /// <exception cref="ArgumentException">The address cannot be used; the message says why.</exception>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, [ResourceName] string name, Uri uri)
        => Add(builder, new ExternalServiceResource(name, uri)).WithUrl(uri.ToString());

    /// <summary>Adds a service whose address is a parameter. It fails to start when the value is no absolute address without query and fragment.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="urlParameter">The parameter.</param>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource> urlParameter)
    {
        ArgumentNullException.ThrowIfNull(urlParameter);
        return Add(builder, new ExternalServiceResource(name, urlParameter.Resource)).WithUrl(ReferenceExpression.Create($"{urlParameter.Resource}"));
    }

    /// <summary>The service is healthy while a GET answers as expected.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="path">The path, relative to the service's address; the address itself by default.</param>
    /// <param name="statusCode">The status; 200 by default.</param>
    /// <exception cref="ArgumentException">The path is no relative URL, or the service's address is not one of HTTP.</exception>
    public static IResourceBuilder<ExternalServiceResource> WithHttpHealthCheck(
        this IResourceBuilder<ExternalServiceResource> builder,
        string? path = null,
        int? statusCode = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var service = builder.Resource;
        if (path is not null && !Uri.IsWellFormedUriString(path, UriKind.Relative))
        {
            throw new ArgumentException($"The path '{path}' is no relative URL.", nameof(path));
        }

        if (service.Uri is { Scheme: not ("http" or "https") })
        {
            throw new ArgumentException($"The external service '{service.Name}' at '{service.Uri}' does not speak HTTP, so its health cannot be asked for.", nameof(builder));
        }

        var status = statusCode ?? 200;
        var key = $"{service.Name}_external{(path is null ? string.Empty : $"_{path}")}_{status}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new UriHealthCheck(AddressAsync, status), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);

        async ValueTask<Uri?> AddressAsync(CancellationToken cancellationToken)
        {
            var uri = await service.GetUriAsync(cancellationToken).ConfigureAwait(false);
            return path is null ? uri : new Uri(uri, path);
        }
    }

    private static IResourceBuilder<ExternalServiceResource> Add(IDistributedApplicationBuilder builder, ExternalServiceResource service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(service)
            .ExcludeFromManifest()
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = KnownResourceTypes.ExternalService,
                State = KnownResourceStates.Waiting,
                Properties = [],
            })
            .OnInitializeResource(static async (resource, initialize, cancellationToken) =>
            {
                var uri = await resource.GetUriAsync(cancellationToken).ConfigureAwait(false);
                await initialize.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, initialize.Services), cancellationToken).ConfigureAwait(false);
                await initialize.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with
                {
                    Properties = [.. snapshot.Properties.Where(p => p.Name != CustomResourceKnownProperties.Source), new(CustomResourceKnownProperties.Source, uri.Host)],
                    State = KnownResourceStates.Running,
                }).ConfigureAwait(false);
            });
    }
}
