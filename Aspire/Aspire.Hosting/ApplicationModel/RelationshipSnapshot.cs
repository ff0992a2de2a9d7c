namespace Aspire.Hosting.ApplicationModel;

/// <summary>One relationship of a resource.</summary>
/// <param name="ResourceName">The name of the other resource.</param>
/// <param name="Type">The kind, such as <c>Parent</c> or <c>Reference</c>.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);
