using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Errors;
using Trellis.ServiceDefaults.Http;

namespace Trellis.ServiceDefaults.Tokens;

/// <summary>Asks for tokens, through a client with the limits and the breaker of every client.</summary>
internal sealed class TokenEndpoint(IHttpClientFactory clients, IOptions<ServiceTokenSettings> settings, TimeProvider time)
{
    public const string ClientName = "service-token";

    /// <summary>What an answer without <c>expires_in</c> is taken for; RFC 6749 only recommends to say it.</summary>
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Gets a token for the scopes.</summary>
    /// <exception cref="HttpRequestException">Nobody could be asked, or the endpoint is in trouble: another attempt may succeed.</exception>
    /// <exception cref="InvalidOperationException">The service is refused: its settings or those of the endpoint are wrong.</exception>
    public async Task<ServiceToken> AskAsync(string scopes)
    {
        var client = settings.Value;
        var now = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, client.Endpoint)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"),
                new("client_id", client.ClientId!),
                new("client_secret", client.ClientSecret!),
                new("scope", scopes),
            ]),
        };
        // Asking twice is as good as once: it may be repeated like what is idempotent.
        request.Headers.Add(RepeatableRequests.IdempotencyKey, Guid.NewGuid().ToString());
        using var http = clients.CreateClient(ClientName);
        using var response = await http.SendAsync(request);
        if ((int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            throw new DependencyUnavailableException(
                $"{client.Endpoint} answered {(int)response.StatusCode} to a request for a token.", response.Headers.RetryAfter?.Delta, innerException: null);
        }

        var answer = await ReadAsync(response);
        return response.IsSuccessStatusCode && answer?.Token is { Length: > 0 } token
            ? new ServiceToken(token, now, now + (answer.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : UnknownLifetime))
            : throw new InvalidOperationException(
                $"{client.Endpoint} gives the client '{client.ClientId}' no token for '{scopes}': it answered {(int)response.StatusCode} {answer?.Error} {answer?.Description}".TrimEnd());
    }

    private static async Task<TokenEndpointAnswer?> ReadAsync(HttpResponseMessage response)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<TokenEndpointAnswer>();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
