using System.ComponentModel.DataAnnotations;

namespace Shop.Fulfilment.Carrier;

/// <summary>Demands an absolute http or https address.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpAddressAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => Uri.TryCreate(value as string, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { UserInfo: "", Query: "", Fragment: "" };
}
