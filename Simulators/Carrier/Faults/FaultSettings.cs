using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.Carrier.Faults;

/// <summary>How badly the carrier behaves. Rates are from 0 (never) to 1 (always). A restart makes it good again.</summary>
public sealed record FaultSettings
{
    /// <summary>In milliseconds, how long every answer takes.</summary>
    [Range(0, 60_000)]
    public int LatencyMs { get; init; }

    /// <summary>How many requests are answered with a 503, half of them after what was asked for has been done.</summary>
    [Range(0.0, 1.0)]
    public double ErrorRate { get; init; }

    /// <summary>How many requests are carried out without an answer; the connection breaks after a second.</summary>
    [Range(0.0, 1.0)]
    public double TimeoutRate { get; init; }

    /// <summary>How many shipments are refused for good.</summary>
    [Range(0.0, 1.0)]
    public double RefusalRate { get; init; }

    /// <summary>How many shipments cannot be withdrawn any more, because they are on their way.</summary>
    [Range(0.0, 1.0)]
    public double OnItsWayRate { get; init; }
}
