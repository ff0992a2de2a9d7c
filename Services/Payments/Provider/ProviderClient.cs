using System.Net;
using Microsoft.Extensions.Options;
using Shop.Payments.Charging;

namespace Shop.Payments.Provider;

/// <summary>
/// Asks the payment provider. Everything carries an idempotency key that is the same for an order and what is done for it, whoever asks and however often: the
/// provider does it once. So the defaults of every client repeat failed calls, and leave the provider alone while it fails.
/// </summary>
/// <remarks>An answer that says neither yes nor no is an exception: the outcome is unknown then.</remarks>
internal sealed class ProviderClient(IHttpClientFactory clients, IOptions<ProviderSettings> settings)
{
    /// <summary>The name of the client's settings: <c>Http:Clients:provider</c>.</summary>
    public const string Name = "provider";

    public async Task<ProviderAnswer> ChargeAsync(Payment payment, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync(
            "v1/charges",
            $"capture-{payment.OrderId:N}",
            new { reference = payment.OrderId, amount = payment.Amount, currency = payment.Currency, token = payment.Token },
            cancellationToken);

        // The provider will never do what it cannot read, and says so before it does anything.
        return answer.StatusCode == HttpStatusCode.BadRequest
            ? ProviderAnswer.Declined(chargeId: null, "The payment provider does not accept this payment.")
            : (await ReadAsync<ProviderCharge>(answer, cancellationToken)).ToAnswer();
    }

    /// <summary>Asks what the provider knows of an order's charge.</summary>
    /// <returns>Null when it knows of none, which does not say that none is on its way.</returns>
    public async Task<ProviderAnswer?> FindAsync(Payment payment, CancellationToken cancellationToken) =>
        (await FindChargeAsync(payment, cancellationToken))?.ToAnswer();

    public async Task<ProviderAnswer> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync(
            $"v1/charges/{Uri.EscapeDataString(payment.ChargeId!)}/refunds",
            $"refund-{payment.OrderId:N}",
            new { amount = payment.Captured },
            cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            // There is nothing left to give back, if somebody has done it at the provider by hand.
            return (await FindChargeAsync(payment, cancellationToken))?.ToRefundAnswer() ?? ProviderAnswer.Open("conflict");
        }

        var refund = await ReadAsync<ProviderRefund>(answer, cancellationToken);
        return refund.Status == "succeeded"
            ? new ProviderAnswer(ProviderOutcome.Refunded, payment.ChargeId, refund.Amount, Reason: null)
            : ProviderAnswer.Open("not-refunded");
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(cancellationToken) ?? throw new HttpRequestException("The payment provider's answer is empty.");
    }

    private async Task<ProviderCharge?> FindChargeAsync(Payment payment, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(Name);
        using var answer = await client.GetAsync(AddressOf($"v1/charges?reference={payment.OrderId}"), cancellationToken);
        var found = await ReadAsync<ProviderCharges>(answer, cancellationToken);

        // There is one. If there were more, the one that took money counts.
        return found.Charges.Where(charge => charge.Reference == payment.OrderId.ToString()).OrderBy(charge => charge.Status == "succeeded" ? 0 : 1).FirstOrDefault();
    }

    private async Task<HttpResponseMessage> PostAsync<T>(string path, string key, T body, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(path)) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, cancellationToken);
    }

    private Uri AddressOf(string path) => new($"{settings.Value.Url!.TrimEnd('/')}/{path}");

    private sealed record ProviderCharges(IReadOnlyList<ProviderCharge> Charges);

    private sealed record ProviderRefund(long Amount, string Status);
}
