namespace Trellis.Hosting.Testing;

/// <summary>How a test's receiver of telemetry behaves.</summary>
public sealed class TelemetryReceiverOptions
{
    /// <summary>
    /// How much is kept of spans, of log records and of metrics: bytes of each on the wire, 64 MiB by default. What is oldest makes room.
    /// </summary>
    public long Capacity { get; set; } = 64 * 1024 * 1024;

    /// <summary>How often services send what they have; 100 ms by default.</summary>
    public TimeSpan ExportInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a test waits for telemetry when it does not say; 30 s by default.</summary>
    public TimeSpan DefaultTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
