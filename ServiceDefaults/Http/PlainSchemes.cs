using Microsoft.Extensions.Configuration;

namespace Trellis.ServiceDefaults.Http;

/// <summary>
/// Settles on HTTP where a caller leaves the scheme open (<c>https+http://catalog</c>) and no configuration names the service's endpoints: the name is
/// then one of the cluster's DNS, whose services speak plain HTTP with each other, or a mesh encrypts it for them.
/// </summary>
internal sealed class PlainSchemes(IConfiguration configuration) : DelegatingHandler
{
    private const string Separator = "+";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Settle(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Settle(request);
        return base.Send(request, cancellationToken);
    }

    private void Settle(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || !uri.Scheme.Contains(Separator, StringComparison.Ordinal))
        {
            return;
        }

        var schemes = uri.Scheme.Split(Separator);
        if (schemes.Contains(Uri.UriSchemeHttp, StringComparer.Ordinal) && !configuration.GetSection($"services:{uri.Host}").Exists())
        {
            request.RequestUri = new UriBuilder(uri) { Scheme = Uri.UriSchemeHttp, Port = uri.IsDefaultPort ? -1 : uri.Port }.Uri;
        }
    }
}
