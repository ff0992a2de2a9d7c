using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Finds out which URLs of a resource are shown.</summary>
internal static class ResourceUrls
{
    /// <summary>The URLs of the endpoints, then those that were added, all of them after the changes that callbacks make.</summary>
    public static async Task<IReadOnlyList<UrlSnapshot>> CollectAsync(
        IResource resource,
        DistributedApplicationExecutionContext executionContext,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var urls = new List<ResourceUrlAnnotation>();
        if (resource is IResourceWithEndpoints withEndpoints)
        {
            urls.AddRange(withEndpoints.GetEndpoints()
                .Where(endpoint => endpoint.IsAllocated)
                .SelectMany(UrlsOf));
        }

        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>());
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken) { Logger = logger };
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToList())
        {
            await callback.Callback(context);
        }

        return [.. context.Urls.Select(ToSnapshot)];
    }

    private static IEnumerable<ResourceUrlAnnotation> UrlsOf(EndpointReference endpoint)
    {
        var host = endpoint.EndpointAnnotation.TargetHost;
        var named = ServedEndpoint.IsNamedLocalhost(host);
        if (named)
        {
            yield return Of(host);
        }

        yield return new ResourceUrlAnnotation
        {
            Url = endpoint.Url,
            Endpoint = endpoint,
            DisplayLocation = named ? UrlDisplayLocation.DetailsOnly : UrlDisplayLocation.SummaryAndDetails,
        };
        if (ServedEndpoint.IsEveryInterface(host))
        {
            // From other machines it is reached under the name of this one.
            yield return Of(Environment.MachineName);
        }

        ResourceUrlAnnotation Of(string name) => new() { Url = $"{endpoint.Scheme}://{name}:{endpoint.Port}", Endpoint = endpoint };
    }

    private static UrlSnapshot ToSnapshot(ResourceUrlAnnotation url)
    {
        var full = url.Endpoint is { IsAllocated: true } endpoint && url.Url.StartsWith('/') ? endpoint.Url.TrimEnd('/') + url.Url : url.Url;
        return new UrlSnapshot(url.Endpoint?.EndpointName, full, IsInternal: url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
        {
            // Inactive until the process runs: the dashboard shows no link before that.
            IsInactive = url.Endpoint is not null,
            DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? ""),
        };
    }
}
