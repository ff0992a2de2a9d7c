using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback that changes a resource's URLs sees.</summary>
/// <param name="executionContext">Running or publishing.</param>
/// <param name="resource">The resource.</param>
/// <param name="urls">The URLs so far.</param>
/// <param name="cancellationToken">Cancelled when the application stops.</param>
public class ResourceUrlsCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    List<ResourceUrlAnnotation>? urls = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The URLs so far, to be added to, changed and removed.</summary>
    public List<ResourceUrlAnnotation> Urls { get; } = urls ?? [];

    /// <summary>Running or publishing.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>Writes to the resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Cancelled when the application stops.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>An endpoint of the resource; null when the resource cannot have endpoints.</summary>
    public EndpointReference? GetEndpoint(string name) => (Resource as IResourceWithEndpoints)?.GetEndpoint(name);
}
