namespace Shop.Receipts.Lambda;

/// <summary>A request, as an HTTP API or a function URL gives it to a function (payload format 2.0).</summary>
internal sealed record HttpEvent(
    string? Version,
    string? RawPath,
    string? RawQueryString,
    IReadOnlyDictionary<string, string?>? Headers,
    IReadOnlyList<string>? Cookies,
    string? Body,
    bool IsBase64Encoded,
    HttpEvent.Context? RequestContext)
{
    internal sealed record Context(string? Stage, Request? Http);

    internal sealed record Request(string? Method);
}
