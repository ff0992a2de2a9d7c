using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.PaymentProvider.Faults;

/// <summary>How badly the provider behaves. Rates are from 0 (never) to 1 (always). A restart makes it good again.</summary>
public sealed record FaultSettings
{
    public Latency Latency { get; init; } = new();

    /// <summary>How many requests are answered with a 5xx, half of them after what was asked for has been done.</summary>
    [Range(0.0, 1.0)]
    public double ErrorRate { get; init; }

    /// <summary>How many charges and refunds are made without an answer.</summary>
    [Range(0.0, 1.0)]
    public double TimeoutRate { get; init; }

    /// <summary>In milliseconds, after how long the connection is then broken.</summary>
    [Range(0, 600_000)]
    public int TimeoutMs { get; init; } = 60_000;

    /// <summary>How many callbacks come more than once.</summary>
    [Range(0.0, 1.0)]
    public double DuplicateCallbackRate { get; init; }

    /// <summary>How many callbacks come late.</summary>
    [Range(0.0, 1.0)]
    public double LateCallbackRate { get; init; }

    /// <summary>In milliseconds, how late.</summary>
    [Range(0, 600_000)]
    public int LateCallbackMs { get; init; } = 5_000;

    /// <summary>In milliseconds, how long charges with a pending token are pending.</summary>
    [Range(0, 600_000)]
    public int PendingMs { get; init; } = 1_000;
}
