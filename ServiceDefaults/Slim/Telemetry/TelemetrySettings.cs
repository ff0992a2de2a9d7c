using System.ComponentModel.DataAnnotations;

namespace Trellis.ServiceDefaults.Telemetry;

/// <summary>What is told about the service's work; configuration section <c>Telemetry</c>.</summary>
public sealed class TelemetrySettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// The share of traces that begin here and are recorded, from 0 to 1. A trace that began elsewhere is recorded when it was there. In
    /// Development the default is 1. <c>OTEL_TRACES_SAMPLER</c>, when set, wins.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "must be from 0 to 1")]
    public double SamplingRatio { get; set; } = 0.1;
}
