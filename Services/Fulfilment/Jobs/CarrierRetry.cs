using Hangfire;
using Shop.Fulfilment.Carrier;

namespace Shop.Fulfilment.Jobs;

/// <summary>Asks the carrier again about the shipment of an order, unless somebody else does or it is settled. A failure leaves a job that does so later.</summary>
internal sealed class CarrierRetry(DueShipments due, HandOver handOver)
{
    [JobDisplayName("Ask the carrier about order {0}")]
    public async Task<string> RunAsync(Guid orderId, CancellationToken cancellationToken) =>
        await due.TakeAsync(orderId, cancellationToken) is { } shipment
            ? (await handOver.TryAsync(shipment, cancellationToken)).ToString()
            : "There was nothing to ask.";
}
