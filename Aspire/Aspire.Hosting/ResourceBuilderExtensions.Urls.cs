using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <content>The URLs that the dashboard shows.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Changes the URLs that are shown, once the endpoints have addresses.</summary>
    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Action<ResourceUrlsCallbackContext> callback)
        where T : IResource => builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(callback));

    /// <summary>Changes the URLs that are shown, once the endpoints have addresses.</summary>
    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Func<ResourceUrlsCallbackContext, Task> callback)
        where T : IResource => builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(callback));

    /// <summary>Shows a URL. A relative one changes all that are shown already.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL.</param>
    /// <param name="displayText">The text of the link.</param>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, string url, string? displayText = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(url);
        // Not UriKind.Relative: on Unix "/path" is also an absolute file URI to Uri.
        return url.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(url, UriKind.Relative, out var relative)
            ? builder.WithAnnotation(new ResourceUrlAnnotation { Url = url, DisplayText = displayText })
            : builder.WithUrls(context =>
            {
                foreach (var shown in context.Urls)
                {
                    if (Uri.TryCreate(shown.Url, UriKind.Absolute, out var address) && Uri.TryCreate(address, relative, out var changed))
                    {
                        shown.Url = changed.ToString();
                        shown.DisplayText = displayText ?? shown.DisplayText;
                    }
                }
            });
    }

    /// <summary>Shows a URL with values that are known later.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL.</param>
    /// <param name="displayText">The text of the link.</param>
    public static IResourceBuilder<T> WithUrl<T>(
        this IResourceBuilder<T> builder,
        in ReferenceExpression.ExpressionInterpolatedStringHandler url,
        string? displayText = null)
        where T : IResource => builder.WithUrl(ReferenceExpression.Create(url), displayText);

    /// <summary>Shows a URL with values that are known later.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL.</param>
    /// <param name="displayText">The text of the link.</param>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, ReferenceExpression url, string? displayText = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(url);
        var endpoint = References.Of(url).OfType<EndpointReference>().FirstOrDefault(reference => ReferenceEquals(reference.Resource, builder.Resource));
        return builder.WithUrls(async context =>
        {
            if (await url.GetValueAsync(context.CancellationToken).ConfigureAwait(false) is { Length: > 0 } text)
            {
                context.Urls.Add(new ResourceUrlAnnotation { Url = text, DisplayText = displayText, Endpoint = endpoint });
            }
        });
    }

    /// <summary>Changes the URL that is shown for an endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Changes it.</param>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<ResourceUrlAnnotation> callback)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithUrls(context =>
        {
            if (context.Urls.FirstOrDefault(url => url.Endpoint?.EndpointName == endpointName) is { } shown)
            {
                callback(shown);
            }
            else
            {
                context.Logger.LogWarning("Resource '{Resource}' has no endpoint '{Endpoint}' whose URL could be changed.", builder.Resource.Name, endpointName);
            }
        });
    }

    /// <summary>Shows one more URL for an endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Makes the URL; it may be relative to the endpoint's.</param>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Func<EndpointReference, ResourceUrlAnnotation> callback)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithUrls(context =>
        {
            var endpoint = builder.GetEndpoint(endpointName);
            if (endpoint.Exists)
            {
                var made = callback(endpoint);
                context.Urls.Add(new ResourceUrlAnnotation
                {
                    Url = made.Url,
                    DisplayText = made.DisplayText,
                    DisplayLocation = made.DisplayLocation,
                    Endpoint = endpoint,
                });
            }
            else
            {
                context.Logger.LogWarning("Resource '{Resource}' has no endpoint '{Endpoint}' for which a URL could be shown.", builder.Resource.Name, endpointName);
            }
        });
    }
}
