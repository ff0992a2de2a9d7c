namespace Shop.Simulators.PaymentProvider.Faults;

/// <summary>The fault switches, and the dice.</summary>
internal sealed class FaultSwitches
{
    /// <summary>The quantile 0.99 of the standard normal distribution.</summary>
    private const double QuantileOf99 = 2.3263478740;

    private const double LongestMs = 120_000;

    private volatile FaultSettings _current = new();

    public FaultSettings Current
    {
        get => _current;
        set => _current = value;
    }

    public static bool Happens(double rate) => rate > 0 && Random.Shared.NextDouble() < rate;

    /// <summary>How long the next answer takes.</summary>
    public TimeSpan NextLatency()
    {
        var latency = Current.Latency;
        if (latency.MedianMs <= 0)
        {
            return TimeSpan.Zero;
        }

        var sigma = Math.Log(latency.P99Ms / latency.MedianMs) / QuantileOf99;
        var normal = Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble())) * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
        return TimeSpan.FromMilliseconds(Math.Min(latency.MedianMs * Math.Exp(sigma * normal), LongestMs));
    }
}
