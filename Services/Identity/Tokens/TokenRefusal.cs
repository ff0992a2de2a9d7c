using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Shop.Identity.Tokens;

/// <summary>The answer to a client that gets none (RFC 6749, section 5.2), as the contract describes it.</summary>
internal sealed record TokenRefusal
{
    [JsonPropertyName("error")]
    [Description("invalid_client, invalid_scope and so on.")]
    public required string Error { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    [JsonPropertyName("error_uri")]
    public string? ErrorUri { get; init; }
}
