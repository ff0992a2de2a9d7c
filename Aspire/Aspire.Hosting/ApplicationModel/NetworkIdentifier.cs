namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a network from which an endpoint is seen.</summary>
/// <param name="Value">The name.</param>
public record NetworkIdentifier(string Value);
