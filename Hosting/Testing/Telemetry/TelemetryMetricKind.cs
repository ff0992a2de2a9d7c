namespace Trellis.Hosting.Testing;

/// <summary>What the value of a metric means (OpenTelemetry's metrics data model).</summary>
public enum TelemetryMetricKind
{
    /// <summary>The latest measurement.</summary>
    Gauge,

    /// <summary>The sum of all measurements.</summary>
    Sum,

    /// <summary>The distribution of measurements.</summary>
    Histogram,

    /// <summary>Quantiles that the sender has computed.</summary>
    Summary,
}
