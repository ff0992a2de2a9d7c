namespace Aspire.Hosting.ApplicationModel;

/// <summary>A state and how it is shown.</summary>
/// <param name="Text">The state, such as <c>Running</c>.</param>
/// <param name="Style">One of <see cref="KnownResourceStateStyles"/>; null for the dashboard's choice.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state in the dashboard's style.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}
