using Microsoft.Extensions.Logging;

namespace Trellis.Hosting.Testing;

/// <summary>A log record that a service has sent, as OpenTelemetry's log data model describes it.</summary>
public sealed class TelemetryLog
{
    internal TelemetryLog()
    {
    }

    /// <summary>Who sent it.</summary>
    public required TelemetrySource Source { get; init; }

    /// <summary>The name of the resource that sent it; short for <see cref="TelemetrySource.Name"/>.</summary>
    public string Resource => Source.Name;

    /// <summary>The logger's category in .NET; OpenTelemetry's instrumentation scope.</summary>
    public required string Category { get; init; }

    /// <summary>How serious it is; <see cref="LogLevel.None"/> where the record does not say.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The message.</summary>
    public required string Text { get; init; }

    /// <summary>The name of the event; null where none was sent.</summary>
    public string? EventName { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The values in the message, and what else is known.</summary>
    public required TelemetryAttributes Attributes { get; init; }

    /// <summary>The trace in which it was written, 32 hexadecimal digits in lower case; null where there was none.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span in which it was written, 16 hexadecimal digits in lower case; null where there was none.</summary>
    public string? SpanId { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Resource}: {Level}: {Category}: {Text}";
}
