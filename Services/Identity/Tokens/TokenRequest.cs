using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Shop.Identity.Tokens;

/// <summary>What a client sends, as the contract describes it.</summary>
internal sealed record TokenRequest
{
    [JsonPropertyName("grant_type")]
    [Description("client_credentials")]
    public required string GrantType { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    [JsonPropertyName("client_secret")]
    public string? ClientSecret { get; init; }

    [JsonPropertyName("scope")]
    [Description("What the token is for: scopes, separated by spaces.")]
    public required string Scope { get; init; }
}
