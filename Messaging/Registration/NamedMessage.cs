namespace Trellis.Messaging.Registration;

/// <summary>A record and its CloudEvents type.</summary>
internal sealed record NamedMessage(string Name, Type Type);
