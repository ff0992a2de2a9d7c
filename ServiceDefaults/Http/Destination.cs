namespace Trellis.ServiceDefaults.Http;

/// <summary>What a client calls: calls to one that fails must not hold up those to another.</summary>
/// <param name="Client">The client's name; empty for the one without a name.</param>
/// <param name="Authority">Scheme, host and port as the caller wrote them: the service's name where it is found by name.</param>
internal readonly record struct Destination(string Client, string Authority)
{
    /// <summary>The destination of a client's call.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="uri">Whom it calls. A user and password in it are left out: the destination is named in metrics, logs and exceptions.</param>
    public static Destination Of(string client, Uri? uri) =>
        new(client, uri is { IsAbsoluteUri: true } ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : string.Empty);

    public override string ToString() => Client.Length == 0 ? Authority : $"{Client} {Authority}";
}
