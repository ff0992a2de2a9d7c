using System.Net;
using System.Net.Http.Headers;
using Trellis.ServiceDefaults.Http;

namespace Trellis.ServiceDefaults.Tokens;

/// <summary>Sends a token of the service's own along, and once another one where the first is refused.</summary>
internal sealed class OwnToken(ServiceTokens tokens, string scopes) : DelegatingHandler
{
    private const string Scheme = "Bearer";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not null)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var token = await tokens.GetAsync(scopes, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue(Scheme, token);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !tokens.Forget(scopes, token) || !RepeatableRequests.CanBeReadAgain(request.Content))
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue(Scheme, await tokens.GetAsync(scopes, cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A client with a service token is called with SendAsync: the token may have to be asked for.");
}
