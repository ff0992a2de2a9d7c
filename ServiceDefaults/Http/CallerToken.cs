using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Http;

/// <summary>Hands the token of the request that is being answered on to the hosts that it is meant for.</summary>
internal sealed class CallerToken(IHttpContextAccessor requests, IReadOnlySet<string> hosts) : DelegatingHandler
{
    private const string Scheme = "Bearer";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HandOn(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HandOn(request);
        return base.Send(request, cancellationToken);
    }

    private void HandOn(HttpRequestMessage request)
    {
        if (request.Headers.Authorization is null
            && request.RequestUri is { } uri && hosts.Contains(uri.Host)
            && AuthenticationHeaderValue.TryParse(requests.HttpContext?.Request.Headers.Authorization, out var authorization)
            && string.Equals(authorization.Scheme, Scheme, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.Authorization = authorization;
        }
    }
}
