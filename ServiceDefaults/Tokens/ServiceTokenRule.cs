using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Tokens;

/// <summary>A service that calls others with tokens of its own must know where it gets them.</summary>
internal sealed class ServiceTokenRule(IOptions<ServiceTokenSettings> settings) : ISettingsRule
{
    public IEnumerable<string> Failures()
    {
        var values = settings.Value;
        if (!Uri.TryCreate(values.Endpoint, UriKind.Absolute, out var endpoint)
            || !endpoint.Scheme.Split('+').All(scheme => scheme is "http" or "https"))
        {
            yield return string.IsNullOrEmpty(values.Endpoint)
                ? $"{Variable(nameof(values.Endpoint))} is missing; it must be the address at which tokens are asked for."
                : $"{Variable(nameof(values.Endpoint))} is '{values.Endpoint}'; it must be the address at which tokens are asked for.";
        }

        if (string.IsNullOrEmpty(values.ClientId))
        {
            yield return $"{Variable(nameof(values.ClientId))} is missing; it must be what the service is called where it asks for tokens.";
        }

        if (string.IsNullOrEmpty(values.ClientSecret))
        {
            yield return $"{Variable(nameof(values.ClientSecret))} is missing; it must be the secret of that client.";
        }
    }

    private static string Variable(string setting) => Setting.VariableOf($"{ServiceTokenSettings.Section}:{setting}");
}
