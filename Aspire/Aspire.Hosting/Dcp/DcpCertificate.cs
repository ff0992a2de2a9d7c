using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Dcp;

/// <summary>The certificate of one run's DCP API. DCP would make an RSA one by itself, which takes it one to two seconds.</summary>
internal static class DcpCertificate
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    /// <summary>Creates a self-signed certificate for localhost, 127.0.0.1 and ::1.</summary>
    /// <param name="now">The current time; the certificate is valid for a year before it and after it, so that a clock that is set right meanwhile does no harm.</param>
    public static X509Certificate2 Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        // DCP's controllers trust the certificate through the kubeconfig, where it stands as the authority.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(now - Validity, now + Validity);
    }
}
