using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The endpoints of another resource that this one refers to.</summary>
/// <param name="resource">The other resource.</param>
[DebuggerDisplay("Resource = {Resource.Name}")]
public sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResourceWithEndpoints Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Whether all of its endpoints are referred to, also those that are added later.</summary>
    public bool UseAllEndpoints { get; set; }

    /// <summary>The endpoints that are referred to one by one.</summary>
    public ISet<string> EndpointNames { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name under which the other is found; null for its own.</summary>
    internal string? ServiceName { get; init; }

    internal bool Includes(EndpointReference endpoint)
        => EndpointNames.Contains(endpoint.EndpointName) || (UseAllEndpoints && !endpoint.ExcludeReferenceEndpoint);
}
