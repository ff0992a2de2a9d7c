using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Authentication;

/// <summary>
/// Outside Development a service that asks for tokens must know who issues them and for whom: without, it would refuse every caller, and nobody
/// would know why.
/// </summary>
internal sealed class BearerRule(IConfiguration configuration, IHostEnvironment environment, ServiceEndpoints endpoints) : ISettingsRule
{
    public const string Section = "Authentication:Schemes:Bearer";
    public const string Authority = Section + ":Authority";
    public const string Audiences = Section + ":ValidAudiences";

    private static readonly string[] Sources = ["Authority", "MetadataAddress"];

    public IEnumerable<string> Failures()
    {
        var bearer = configuration.GetSection(Section);
        var given = Sources.Where(source => bearer[source] is { Length: > 0 }).ToList();
        foreach (var source in given.Where(source => !Uri.TryCreate(bearer[source], UriKind.Absolute, out var address) || !IsSafe(address, bearer)))
        {
            yield return $"{Setting.VariableOf($"{Section}:{source}")} is '{bearer[source]}'; it must be an address that begins with https://.";
        }

        if (given.Count == 0 && IsDemanded && !HasValue(bearer.GetSection("SigningKeys")))
        {
            yield return $"{Setting.VariableOf(Authority)} is missing; it must be the address of the issuer of tokens.";
        }

        if (IsDemanded && !HasValue(bearer.GetSection("ValidAudience")) && !HasValue(bearer.GetSection("ValidAudiences")))
        {
            yield return $"{Setting.VariableOf(Audiences)}__0 is missing; it must be the audience for which tokens are issued.";
        }
    }

    private bool IsDemanded => !environment.IsDevelopment() && endpoints.AskForTokens;

    private static bool HasValue(IConfigurationSection section) => section.AsEnumerable().Any(entry => !string.IsNullOrEmpty(entry.Value));

    private static bool IsSafe(Uri address, IConfigurationSection bearer) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && !bearer.GetValue("RequireHttpsMetadata", true));
}
