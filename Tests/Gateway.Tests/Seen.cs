namespace Trellis.Gateway.Tests;

/// <summary>What a backend saw of a request.</summary>
internal sealed record Seen(string Backend, string Method, string Target, Dictionary<string, string> Headers, long BodyLength);
