using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shop.Payments.Charging;

/// <summary>What can be seen of payments from outside; meter and activity source <c>Shop.Payments</c>.</summary>
internal sealed class PaymentMetrics
{
    public const string Name = "Shop.Payments";

    private readonly Counter<long> _settled;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _callbacks;
    private readonly Histogram<double> _duration;

    public PaymentMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _settled = meter.CreateCounter<long>("shop.payments.settled", description: "Payments that were captured, declined or refunded.");
        _unknown = meter.CreateCounter<long>("shop.payments.unknown", description: "Times the provider was asked and the outcome stayed unknown.");
        _callbacks = meter.CreateCounter<long>("shop.payments.callbacks", description: "The provider's callbacks, by what became of them.");
        _duration = meter.CreateHistogram<double>("shop.payments.duration", "s", "From the command to the known outcome of the charge.");
        meter.CreateObservableGauge("shop.payments.open", () => Open.Count, description: "Payments whose outcome is not known yet, of all replicas.");
        meter.CreateObservableGauge("shop.payments.open.age", () => Open.OldestSeconds, "s", "How long the oldest of them has been open.");
    }

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>What is open, as it was last counted.</summary>
    public (long Count, double OldestSeconds) Open { get; set; }

    public void Settled(Payment payment, DateTimeOffset now)
    {
        var outcome = new KeyValuePair<string, object?>("outcome", payment.State switch
        {
            PaymentState.Captured => "captured",
            PaymentState.Declined => "declined",
            _ => "refunded",
        });
        _settled.Add(1, outcome);
        if (payment.State != PaymentState.Refunded)
        {
            _duration.Record((now - payment.RequestedAt).TotalSeconds, outcome);
        }
    }

    public void StayedUnknown(string reason) => _unknown.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void CallbackReceived(string result) => _callbacks.Add(1, new KeyValuePair<string, object?>("result", result));
}
