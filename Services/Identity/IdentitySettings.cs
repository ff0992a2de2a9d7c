using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Shop.Identity.Clients;
using Shop.Identity.Tokens;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Identity;

/// <summary>Who issues tokens, to whom and for what; configuration section <c>Identity</c>.</summary>
internal sealed class IdentitySettings
{
    public const string Section = "Identity";

    /// <summary>
    /// The public address of the service (<c>https://shop.example/identity</c>): the issuer named in tokens, and where callers from outside find it. Services
    /// that check tokens may reach it elsewhere. Required.
    /// </summary>
    [Issuer(ErrorMessage = "must be an address that begins with https:// or http:// and has the path /identity")]
    public string? Issuer { get; set; }

    /// <summary>What the private keys in the database are encrypted with. Every replica needs the same. Required.</summary>
    [PasswordPropertyText(true)]
    [Required(ErrorMessage = "must not be left out")]
    [StringLength(1024, MinimumLength = 16, ErrorMessage = "must be a secret of at least 16 characters")]
    public string? KeySecret { get; set; }

    /// <summary>How long tokens are signed with a key before the next one takes its place.</summary>
    [TimeRange("01:00:00", "3650.00:00:00", ErrorMessage = "must be from one hour to ten years")]
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a new key is published before tokens are signed with it, so that whoever checks them knows it by then.</summary>
    [TimeRange("00:05:00", "30.00:00:00", ErrorMessage = "must be from five minutes to 30 days")]
    public TimeSpan KeyAnnouncement { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long an access token is valid. Nothing takes one back before.</summary>
    [TimeRange("00:01:00", "1.00:00:00", ErrorMessage = "must be from one minute to one day")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The scopes there are, each with its audiences: the services that accept a token because of it (<c>Identity__Scopes__orders__0=ordering</c>).</summary>
    public Dictionary<string, string[]> Scopes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The clients there are (<c>Identity__Clients__ordering__Secret</c>, <c>…__Scopes__0</c>). One that is no longer here loses its access with the next start.
    /// One with a <c>User</c> acts in that user's name, and exists in Development only.
    /// </summary>
    [Clients(ErrorMessage = "must each have a Secret of at least 16 characters, and Scopes")]
    public Dictionary<string, ClientSettings> Clients { get; init; } = new(StringComparer.Ordinal);
}
