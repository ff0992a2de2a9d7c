using System.Net;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Shipments;

namespace Shop.Fulfilment.Carrier;

/// <summary>
/// Asks the carrier. A shipment's reference is its order, and the carrier keeps one shipment a reference, whoever asks and however often. So the defaults of
/// every client repeat failed calls, and leave the carrier alone while it fails.
/// </summary>
/// <remarks>An answer that says neither yes nor no is an exception: the outcome is unknown then.</remarks>
internal sealed class CarrierClient(IHttpClientFactory clients, IOptions<CarrierSettings> settings)
{
    /// <summary>The name of the client's settings: <c>Http:Clients:carrier</c>.</summary>
    public const string Name = "carrier";

    public async Task<CarrierAnswer> ShipAsync(Shipment shipment, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf("v1/shipments"))
        {
            Content = JsonContent.Create(new { reference = shipment.OrderId, lines = shipment.Parcel!.Lines, address = shipment.Parcel.Address }),
        };
        request.Headers.Add("Idempotency-Key", shipment.OrderId.ToString());
        using var answer = await client.SendAsync(request, cancellationToken);

        // The customer reads the reason, so only what we know is passed on.
        return answer.StatusCode switch
        {
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => CarrierAnswer.Refused("The carrier does not take this shipment."),
            HttpStatusCode.Gone => CarrierAnswer.Refused("The shipment was withdrawn at the carrier."),
            _ => await ReadAsync(answer, cancellationToken),
        };
    }

    /// <summary>Has the carrier give the order's shipment back, and never take it again.</summary>
    public async Task<CarrierAnswer> WithdrawAsync(Guid orderId, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(Name);
        using var answer = await client.DeleteAsync(AddressOf($"v1/shipments/{orderId}"), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            // It is on its way: the answer is the shipment.
            return ToAnswer(await answer.Content.ReadFromJsonAsync<CarrierShipment>(cancellationToken));
        }

        answer.EnsureSuccessStatusCode();
        return new CarrierAnswer(CarrierOutcome.Withdrawn);
    }

    private static async Task<CarrierAnswer> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        return ToAnswer(await answer.Content.ReadFromJsonAsync<CarrierShipment>(cancellationToken));
    }

    private static CarrierAnswer ToAnswer(CarrierShipment? shipment) => shipment is { TrackingNumber: { Length: > 0 and <= Shipment.LongestText } number }
        ? new CarrierAnswer(CarrierOutcome.Shipped, number, shipment.AcceptedAt?.ToUniversalTime())
        : CarrierAnswer.Unknown("The carrier's answer has no tracking number.");

    private Uri AddressOf(string path) => new($"{settings.Value.Url!.TrimEnd('/')}/{path}");

    private sealed record CarrierShipment(string? TrackingNumber, DateTimeOffset? AcceptedAt);
}
