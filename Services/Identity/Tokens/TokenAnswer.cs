using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Shop.Identity.Tokens;

/// <summary>The answer to a client that gets a token (RFC 6749, section 5.1), as the contract describes it.</summary>
internal sealed record TokenAnswer
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("token_type")]
    [Description("Bearer")]
    public required string TokenType { get; init; }

    [JsonPropertyName("expires_in")]
    [Description("How many seconds the token is valid.")]
    public required int ExpiresIn { get; init; }

    [JsonPropertyName("scope")]
    [Description("What the token is for, where that is not what was asked for.")]
    public string? Scope { get; init; }
}
