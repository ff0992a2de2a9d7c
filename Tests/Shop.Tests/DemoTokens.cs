using System.Net.Http.Headers;

namespace Shop.Tests;

/// <summary>Tokens of the demo clients, got as a person gets them: from Identity, through the gateway.</summary>
internal static class DemoTokens
{
    /// <summary>May do everything that takes a scope.</summary>
    public const string Alice = "demo-alice";

    /// <summary>Asks the gateway for a token.</summary>
    /// <param name="gateway">A client of the gateway.</param>
    /// <param name="scope">What it is for.</param>
    /// <param name="client">The demo client.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AuthenticationHeaderValue> GetAsync(
        HttpClient gateway, string scope, string client = Alice, CancellationToken cancellationToken = default)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("client_id", client), new("client_secret", "known-to-everybody"), new("scope", scope),
        ]);
        using var response = await gateway.PostAsync("/identity/connect/token", form, cancellationToken);
        return new AuthenticationHeaderValue("Bearer", (string)(await Answers.JsonAsync(response))["access_token"]!);
    }
}
