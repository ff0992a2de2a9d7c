using System.Net;
using System.Security.Cryptography;
using System.Text;
using Shop.Payments.Contract;

namespace Shop.Payments.Tests;

public sealed class DatabaseTests
{
    [Fact]
    public async Task A_database_that_crashes_is_said_to_be_away_and_forgotten_when_it_is_back()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var system = await PaymentsSystem.StartAsync(postgres);
        await system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(Guid.NewGuid()));

        await postgres.KillAsync();
        using var answer = await SendEventAsync(system.App);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("127.0.0.1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await system.App.Http.GetAsync(new Uri(system.App.Address, "/ready"))).StatusCode == HttpStatusCode.ServiceUnavailable, "Payments was ready");

        await postgres.RestartAsync();
        await system.App.BecomesReadyAsync();
        await system.Orders.AskAsync<PaymentCaptured>(Orders.Capture(Guid.NewGuid()));
        using var taken = await SendEventAsync(system.App);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendEventAsync(PaymentsApp app)
    {
        var body = $$$"""{"id":"evt_{{{Guid.NewGuid():N}}}","type":"charge.succeeded","charge":{"id":"ch","reference":"{{{Guid.NewGuid()}}}","amount":1,"status":"succeeded"}}""";
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(ProviderProcess.Key), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Callbacks) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Provider-Signature", $"t={seconds},v1={Convert.ToHexStringLower(signature)}");
        return await app.Http.SendAsync(request);
    }
}
