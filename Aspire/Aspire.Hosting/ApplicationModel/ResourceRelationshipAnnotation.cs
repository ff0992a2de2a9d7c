namespace Aspire.Hosting.ApplicationModel;

/// <summary>A relationship to show in the dashboard.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">The kind, such as <c>Parent</c> or <c>Reference</c>.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The kind, such as <c>Parent</c> or <c>Reference</c>.</summary>
    public string Type { get; } = type;
}
