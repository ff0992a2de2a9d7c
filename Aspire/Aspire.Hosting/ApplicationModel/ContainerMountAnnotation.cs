namespace Aspire.Hosting.ApplicationModel;

/// <summary>A folder inside a container that outlives it.</summary>
/// <param name="source">The volume's name or the host's folder; null for an anonymous volume.</param>
/// <param name="target">The folder inside the container.</param>
/// <param name="type">Volume or bind mount.</param>
/// <param name="isReadOnly">Whether the container may only read it.</param>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>The volume's name or the host's folder; null for an anonymous volume.</summary>
    public string? Source { get; } = source;

    /// <summary>The folder inside the container.</summary>
    public string Target { get; } = target;

    /// <summary>Volume or bind mount.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}
