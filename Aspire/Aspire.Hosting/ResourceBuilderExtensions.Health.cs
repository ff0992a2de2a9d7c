using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <content>Health checks and probes.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Lets a registered health check decide whether the resource is healthy.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
        => builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(a => a.Key == key)
            ? throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.")
            : builder.WithAnnotation(new HealthCheckAnnotation(key));

    /// <summary>The resource is healthy while a GET of a path answers as expected.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path; / by default.</param>
    /// <param name="statusCode">The status; 200 by default.</param>
    /// <param name="endpointName">The endpoint; the one named https or else http by default.</param>
    /// <exception cref="DistributedApplicationException">There is no such endpoint, or it does not speak HTTP.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints
        => builder.WithHttpHealthCheck(builder.HttpEndpoint(endpointName, "HTTP health check"), path, statusCode);

    /// <summary>The resource is healthy while a GET of a path answers as expected.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointSelector">Chooses the endpoint, at once; the one named https or else http when null.</param>
    /// <param name="path">The path; / by default.</param>
    /// <param name="statusCode">The status; 200 by default.</param>
    /// <exception cref="DistributedApplicationException">There is no such endpoint, or it does not speak HTTP.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var endpoint = builder.Select(endpointSelector, "HTTP health check");
        var pathOrRoot = path ?? "/";
        var status = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{pathOrRoot}_{status}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new UriHealthCheck(endpoint, pathOrRoot, status), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }

    /// <summary>Lets the place where the resource is deployed ask a path how it is; here it is a health check, as by <c>WithHttpHealthCheck</c>.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="type">What the answer decides; a second probe of a type takes the place of the first.</param>
    /// <param name="path">The path; / by default.</param>
    /// <param name="initialDelaySeconds">Seconds from the start to the first question; 5 by default.</param>
    /// <param name="periodSeconds">Seconds from one question to the next; 5 by default.</param>
    /// <param name="timeoutSeconds">Seconds that the answer may take; 1 by default.</param>
    /// <param name="failureThreshold">How many failures in a row count as one; 3 by default.</param>
    /// <param name="successThreshold">How many successes in a row count as one; 1 by default.</param>
    /// <param name="endpointName">The endpoint; the one named https or else http by default.</param>
    /// <exception cref="DistributedApplicationException">There is no such endpoint, or it does not speak HTTP.</exception>
    [Experimental("ASPIREPROBES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
    public static IResourceBuilder<T> WithHttpProbe<T>(
        this IResourceBuilder<T> builder,
        ProbeType type,
        string? path = null,
        int? initialDelaySeconds = null,
        int? periodSeconds = null,
        int? timeoutSeconds = null,
        int? failureThreshold = null,
        int? successThreshold = null,
        [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints, IResourceWithProbes
        => builder.WithHttpProbe(
            type,
            builder.HttpEndpoint(endpointName, "HTTP probe"),
            path,
            initialDelaySeconds,
            periodSeconds,
            timeoutSeconds,
            failureThreshold,
            successThreshold);

    /// <inheritdoc cref="WithHttpProbe{T}(IResourceBuilder{T}, ProbeType, string?, int?, int?, int?, int?, int?, string?)" />
    /// <param name="endpointSelector">Chooses the endpoint, at once; the one named https or else http when null.</param>
    [Experimental("ASPIREPROBES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
    public static IResourceBuilder<T> WithHttpProbe<T>(
        this IResourceBuilder<T> builder,
        ProbeType type,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? initialDelaySeconds = null,
        int? periodSeconds = null,
        int? timeoutSeconds = null,
        int? failureThreshold = null,
        int? successThreshold = null)
        where T : IResourceWithEndpoints, IResourceWithProbes
    {
        ArgumentNullException.ThrowIfNull(builder);
        var endpoint = builder.Select(endpointSelector, "HTTP probe");
        foreach (var former in builder.Resource.Annotations.OfType<ProbeAnnotation>().Where(probe => probe.Type == type).ToArray())
        {
            builder.Resource.Annotations.Remove(former);
        }

        return builder
            .WithAnnotation(new EndpointProbeAnnotation
            {
                Type = type,
                EndpointReference = endpoint,
                Path = path ?? "/",
                InitialDelaySeconds = initialDelaySeconds ?? 5,
                PeriodSeconds = periodSeconds ?? 5,
                TimeoutSeconds = timeoutSeconds ?? 1,
                FailureThreshold = failureThreshold ?? 3,
                SuccessThreshold = successThreshold ?? 1,
            })
            .WithHttpHealthCheck(() => endpoint, path);
    }

    /// <summary>Finds the endpoint of a name, or the one named https or else http.</summary>
    private static Func<EndpointReference> HttpEndpoint<T>(this IResourceBuilder<T> builder, string? endpointName, string purpose)
        where T : IResourceWithEndpoints
        => () =>
        {
            string[] names = endpointName is null ? ["https", "http"] : [endpointName];
            return names.Select(name => builder.Resource.GetEndpoint(name)).FirstOrDefault(endpoint => endpoint.Exists)
                ?? throw new DistributedApplicationException(
                    $"The {purpose} of resource '{builder.Resource.Name}' needs an endpoint named {string.Join(" or ", names.Select(name => $"'{name}'"))}, and the resource has none so far.");
        };

    private static EndpointReference Select<T>(this IResourceBuilder<T> builder, Func<EndpointReference>? selector, string purpose)
        where T : IResourceWithEndpoints
    {
        var endpoint = (selector ?? builder.HttpEndpoint(null, purpose))()
            ?? throw new DistributedApplicationException($"The {purpose} of resource '{builder.Resource.Name}' needs an endpoint, and the selector gave none.");
        return endpoint.IsHttp || endpoint.IsHttps
            ? endpoint
            : throw new DistributedApplicationException(
                $"The {purpose} of resource '{builder.Resource.Name}' needs HTTP, and the endpoint '{endpoint.EndpointName}' speaks {endpoint.Scheme}.");
    }
}
