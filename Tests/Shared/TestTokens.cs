using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Trellis.Tests;

/// <summary>Mints access tokens that a service accepts when it is given <see cref="Settings"/>.</summary>
public static class TestTokens
{
    private const string Issuer = "https://tokens.test";
    private const string Audience = "shop";

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The settings that make a service trust these tokens.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Authentication:Schemes:Bearer:ValidIssuer"] = Issuer,
        ["Authentication:Schemes:Bearer:ValidAudiences:0"] = Audience,
        ["Authentication:Schemes:Bearer:SigningKeys:0:Issuer"] = Issuer,
        ["Authentication:Schemes:Bearer:SigningKeys:0:Value"] = Convert.ToBase64String(Key),
    };

    /// <summary>A token with the scopes, valid for an hour unless <paramref name="lifetime"/> says otherwise; a negative one has ended.</summary>
    public static string Mint(string? scope, TimeSpan? lifetime = null, string audience = Audience, byte[]? key = null, string subject = "tester")
    {
        var expires = TimeProvider.System.GetUtcNow().UtcDateTime + (lifetime ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = audience,
            NotBefore = expires - TimeSpan.FromHours(2),
            IssuedAt = expires - TimeSpan.FromHours(2),
            Expires = expires,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = subject, ["scope"] = scope ?? "" },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key ?? Key), SecurityAlgorithms.HmacSha256),
        });
    }
}
