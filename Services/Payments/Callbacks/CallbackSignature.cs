using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Shop.Payments.Provider;

namespace Shop.Payments.Callbacks;

/// <summary>
/// Checks the header <c>Provider-Signature: t=&lt;Unix seconds&gt;,v1=&lt;hex&gt;</c>: HMAC-SHA256 over the seconds, a full stop and the body as it came.
/// Several <c>v1</c> may be there, for the time in which the provider changes its secret.
/// </summary>
internal sealed class CallbackSignature(IOptions<ProviderSettings> settings, TimeProvider time)
{
    public const string Header = "Provider-Signature";

    private const int LongestHeader = 1000;

    public SignatureVerdict Check(string? header, ReadOnlySpan<byte> body)
    {
        if (header is not { Length: <= LongestHeader } || !TryRead(header, out var seconds, out var signatures))
        {
            return SignatureVerdict.Forged;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using (var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(settings.Value.CallbackKey!)))
        {
            hmac.AppendData(Encoding.ASCII.GetBytes($"{seconds}."));
            hmac.AppendData(body);
            hmac.GetHashAndReset(expected);
        }

        // All of them, each in constant time: how long it takes tells nothing.
        var genuine = false;
        foreach (var signature in signatures)
        {
            genuine |= CryptographicOperations.FixedTimeEquals(signature, expected);
        }

        return !genuine ? SignatureVerdict.Forged : IsNow(seconds) ? SignatureVerdict.Genuine : SignatureVerdict.OutOfTime;
    }

    private static bool TryRead(string header, out string seconds, out List<byte[]> signatures)
    {
        (seconds, signatures) = (string.Empty, []);
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is var at && at > 0 ? (part[..at].Trim(), part[(at + 1)..].Trim()) : (part, "");
            if (name == "t")
            {
                seconds = value;
            }
            else if (name == "v1" && value.Length == HMACSHA256.HashSizeInBytes * 2 && value.All(char.IsAsciiHexDigit))
            {
                signatures.Add(Convert.FromHexString(value));
            }
        }

        return seconds.Length is > 0 and < 20 && seconds.All(char.IsAsciiDigit);
    }

    private bool IsNow(string seconds) => long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)
        && Math.Abs((decimal)signedAt - time.GetUtcNow().ToUnixTimeSeconds()) <= (decimal)settings.Value.CallbackWindow.TotalSeconds;
}
