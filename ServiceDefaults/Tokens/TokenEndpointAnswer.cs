using System.Text.Json.Serialization;

namespace Trellis.ServiceDefaults.Tokens;

/// <summary>What a token endpoint answers, be it a token or a refusal (RFC 6749, sections 5.1 and 5.2).</summary>
internal sealed record TokenEndpointAnswer(
    [property: JsonPropertyName("access_token")] string? Token,
    [property: JsonPropertyName("expires_in")] double? Seconds,
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("error_description")] string? Description);
