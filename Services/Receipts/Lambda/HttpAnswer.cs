namespace Shop.Receipts.Lambda;

/// <summary>An answer, as a function gives it to an HTTP API (payload format 2.0).</summary>
internal sealed record HttpAnswer(int StatusCode, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Cookies, string Body, bool IsBase64Encoded)
{
    /// <summary>The answer when time is over.</summary>
    public static HttpAnswer TooLate { get; } = new(
        StatusCodes.Status504GatewayTimeout,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = "application/problem+json" },
        [],
        """{"type":"https://tools.ietf.org/html/rfc9110#section-15.6.5","title":"Gateway Timeout","status":504}""",
        IsBase64Encoded: false);
}
