using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How the resource writes itself to the manifest.</summary>
public class ManifestPublishingCallbackAnnotation : IResourceAnnotation
{
    /// <summary>The resource is written by the callback; null leaves it out.</summary>
    public ManifestPublishingCallbackAnnotation(Action<ManifestPublishingContext>? callback)
    {
        if (callback is not null)
        {
            Callback = context =>
            {
                callback(context);
                return Task.CompletedTask;
            };
        }
    }

    /// <summary>The resource is written by the callback; null leaves it out.</summary>
    public ManifestPublishingCallbackAnnotation(Func<ManifestPublishingContext, Task>? callback) => Callback = callback;

    /// <summary>Leaves the resource out.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new((Func<ManifestPublishingContext, Task>?)null);

    /// <summary>Writes the resource.</summary>
    public Func<ManifestPublishingContext, Task>? Callback { get; }
}
