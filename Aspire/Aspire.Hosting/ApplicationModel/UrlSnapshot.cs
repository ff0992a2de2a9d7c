namespace Aspire.Hosting.ApplicationModel;

/// <summary>One URL of a resource.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Whether it is shown in the details only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether nothing listens there yet.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}
