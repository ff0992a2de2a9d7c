using System.Text.RegularExpressions;

namespace Trellis.ServiceDefaults.Telemetry.Redaction;

/// <summary>
/// Takes out of text what must not leave the service with its telemetry: e-mail addresses, tokens, and the values of secrets. Every pattern
/// is bounded, so that no text, however long, takes more than a multiple of its length.
/// </summary>
internal static partial class PersonalData
{
    /// <summary>Redacts the text; the same instance when there is nothing to redact.</summary>
    public static string Redact(string text)
    {
        if (text.Contains('@') || text.Contains("%40", StringComparison.Ordinal))
        {
            text = EmailAddress().Replace(text, "[email]");
        }

        if (text.Contains("eyJ", StringComparison.Ordinal))
        {
            text = JsonWebToken().Replace(text, "[token]");
        }

        if (text.Contains("bearer", StringComparison.OrdinalIgnoreCase) || text.Contains("basic", StringComparison.OrdinalIgnoreCase))
        {
            text = Authorization().Replace(text, "$1 [token]");
        }

        return text.Contains('=') ? Secret().Replace(text, "$1=[redacted]") : text;
    }

    /// <summary>Redacts the texts among the values; the same instance when there is nothing to redact.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Redact(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        KeyValuePair<string, object?>[]? redacted = null;
        for (var index = 0; index < values.Count; index++)
        {
            var (name, value) = values[index];
            if (TextOf(value) is not { } text)
            {
                continue;
            }

            var clean = IsSecret(name) ? "[redacted]" : Redact(text);
            if (!ReferenceEquals(clean, text))
            {
                redacted ??= [.. values];
                redacted[index] = new(name, clean);
            }
        }

        return redacted ?? values;
    }

    private static string? TextOf(object? value) => value switch
    {
        string text => text,
        Uri uri => uri.ToString(),
        Microsoft.AspNetCore.Http.PathString path => path.Value,
        _ => null,
    };

    private static bool IsSecret(string name) => SecretName().IsMatch(name);

    [GeneratedRegex(@"[A-Za-z0-9._%+-]{1,64}(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")]
    private static partial Regex EmailAddress();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?")]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"\b(bearer|basic)[ +]+(?=[^\s,""]{0,4096}[0-9._=-])[^\s,""]{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Authorization();

    [GeneratedRegex(@"\b(password|passwd|pwd|secret|client_secret|access_token|refresh_token|id_token|token|api[_-]?key|signature)=[^;&\s""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"^(?:http\.request\.header\.)?(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|password|secret|access_token)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
