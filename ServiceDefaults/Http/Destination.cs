namespace Trellis.ServiceDefaults.Http;

/// <summary>What a client calls: calls to one that fails must not hold up those to another.</summary>
/// <param name="Client">The client's name; empty for the one without a name.</param>
/// <param name="Authority">Scheme, host and port as the caller wrote them: the service's name where it is found by name.</param>
internal readonly record struct Destination(string Client, string Authority)
{
    public override string ToString() => Client.Length == 0 ? Authority : $"{Client} {Authority}";
}
