using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Dcp;

/// <summary>Where DCP's API answers and how a client and the server know each other.</summary>
/// <param name="Address">The API's https address.</param>
/// <param name="Token">The bearer token; a secret.</param>
/// <param name="Certificate">The one certificate that the server may show.</param>
internal sealed record DcpConnection(Uri Address, string Token, X509Certificate2 Certificate)
{
    /// <summary>
    /// Reads the address and the token from a kubeconfig as DCP writes it: one cluster, one user, block style. The certificate is
    /// not taken from there, since it is ours to begin with.
    /// </summary>
    /// <returns>False while the file is incomplete: DCP may still be writing it.</returns>
    public static bool TryParse(string kubeconfig, X509Certificate2 certificate, [NotNullWhen(true)] out DcpConnection? connection)
    {
        connection = Scalar(kubeconfig, "server") is { } server
            && Uri.TryCreate(server, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            && Scalar(kubeconfig, "token") is { } token
            ? new DcpConnection(address, token, certificate)
            : null;
        return connection is not null;
    }

    private static string? Scalar(string yaml, string key)
    {
        foreach (var line in yaml.AsSpan().EnumerateLines())
        {
            var entry = line.TrimStart([' ', '-']);
            if (entry.StartsWith(key) && entry.Length > key.Length && entry[key.Length] == ':')
            {
                var value = entry[(key.Length + 1)..].Trim().Trim('"').ToString();
                return value.Length == 0 ? null : value;
            }
        }

        return null;
    }
}
