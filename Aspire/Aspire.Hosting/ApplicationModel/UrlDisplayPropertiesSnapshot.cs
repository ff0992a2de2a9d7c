namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a URL is shown.</summary>
/// <param name="DisplayName">The text; empty for the URL itself.</param>
/// <param name="SortOrder">Higher comes first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);
