using System.ComponentModel;

namespace Trellis.ServiceDefaults.Tokens;

/// <summary>
/// How the service gets tokens of its own (OAuth 2.0 client credentials, RFC 6749 section 4.4); configuration section <c>ServiceToken</c>. Required by a service
/// with a client that has <c>AddServiceToken</c>.
/// </summary>
public sealed class ServiceTokenSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ServiceToken";

    /// <summary>Where tokens are asked for, for example <c>http://identity/identity/connect/token</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>What the service is called there.</summary>
    public string? ClientId { get; set; }

    /// <summary>What it proves itself with.</summary>
    [PasswordPropertyText(true)]
    public string? ClientSecret { get; set; }
}
