namespace Aspire.Hosting.ApplicationModel;

/// <summary>Changes the URLs that the dashboard shows, once the endpoints have addresses.</summary>
public sealed class ResourceUrlsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>A callback that needs no waiting.</summary>
    public ResourceUrlsCallbackAnnotation(Action<ResourceUrlsCallbackContext> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = context =>
        {
            callback(context);
            return Task.CompletedTask;
        };
    }

    /// <summary>A callback that is waited for.</summary>
    public ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    /// <summary>The callback.</summary>
    public Func<ResourceUrlsCallbackContext, Task> Callback { get; }
}
