using Hangfire;
using Shop.Fulfilment.Carrier;

namespace Shop.Fulfilment.Jobs;

/// <summary>Asks the carrier about shipments that were in somebody's hands when he was killed, or that no job asks about.</summary>
internal sealed class OverdueShipments(DueShipments due, HandOver handOver)
{
    private const int AtOnce = 20;

    [JobDisplayName("Ask the carrier about overdue shipments")]
    [AutomaticRetry(Attempts = 0)]
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var asked = 0;
        for (var more = true; more;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shipments = await due.TakeAsync(AtOnce, cancellationToken);
            await Task.WhenAll(shipments.Select(shipment => handOver.TryAsync(shipment, cancellationToken)));
            asked += shipments.Count;
            more = shipments.Count == AtOnce;
        }

        return asked;
    }
}
