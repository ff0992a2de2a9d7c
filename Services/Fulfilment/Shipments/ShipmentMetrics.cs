using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shop.Fulfilment.Shipments;

/// <summary>What can be seen of shipments from outside; meter and activity source <c>Shop.Fulfilment.Shipments</c>.</summary>
internal sealed class ShipmentMetrics
{
    public const string Name = "Shop.Fulfilment.Shipments";

    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3600] };

    private readonly Counter<long> _settled;
    private readonly Counter<long> _unknown;
    private readonly Histogram<double> _duration;

    public ShipmentMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _settled = meter.CreateCounter<long>("shop.fulfilment.settled", description: "Shipments that were shipped, failed or cancelled.");
        _unknown = meter.CreateCounter<long>("shop.fulfilment.unknown", description: "Times the carrier was asked and the outcome stayed unknown.");
        _duration = meter.CreateHistogram<double>("shop.fulfilment.duration", "s", "From the command to the known outcome.", tags: null, Buckets);
    }

    public static ActivitySource Source { get; } = new(Name);

    public void Settled(Shipment shipment, DateTimeOffset now)
    {
        var outcome = new KeyValuePair<string, object?>("outcome", shipment.State switch
        {
            ShipmentState.Shipped => "shipped",
            ShipmentState.Failed => "failed",
            _ => "cancelled",
        });
        _settled.Add(1, outcome);
        _duration.Record((now - shipment.RequestedAt).TotalSeconds, outcome);
    }

    public void StayedUnknown() => _unknown.Add(1);
}
