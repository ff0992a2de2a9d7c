namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry's host name; null for the runtime's default.</summary>
    public string? Registry { get; set; }

    /// <summary>The repository, such as <c>library/postgres</c>.</summary>
    public required string Image { get; set; }

    /// <summary>The tag.</summary>
    public string? Tag { get; set; }

    /// <summary>The digest, without its <c>sha256:</c>.</summary>
    public string? SHA256 { get; set; }
}
