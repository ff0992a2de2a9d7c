namespace Aspire.Hosting.ApplicationModel;

/// <summary>One environment variable of a resource.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
/// <param name="IsFromSpec">Whether the AppHost set it, in contrast to one that is inherited.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);
