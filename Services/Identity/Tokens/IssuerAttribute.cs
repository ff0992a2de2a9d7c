using System.ComponentModel.DataAnnotations;

namespace Shop.Identity.Tokens;

/// <summary>Demands an address under which the service's routes are found.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IssuerAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string text
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.PathAndQuery == "/" + TokensApi.BasePath
        && address.Fragment.Length == 0 && address.UserInfo.Length == 0;
}
