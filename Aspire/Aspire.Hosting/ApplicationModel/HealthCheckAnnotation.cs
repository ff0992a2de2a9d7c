namespace Aspire.Hosting.ApplicationModel;

/// <summary>A health check that decides whether the resource is healthy.</summary>
/// <param name="key">The name under which the check is registered with the health check service.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name under which the check is registered.</summary>
    public string Key { get; } = key;
}
