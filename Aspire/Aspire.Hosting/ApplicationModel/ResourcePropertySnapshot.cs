namespace Aspire.Hosting.ApplicationModel;

/// <summary>One property of a resource.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">A string, a number, a date or a list of them.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the dashboard masks the value.</summary>
    public bool IsSensitive { get; init; }
}
