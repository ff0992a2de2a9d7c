using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.Extensions.Logging;
using Trellis.Hosting.Testing.Otlp;

namespace Trellis.Hosting.Testing;

/// <summary>Turns OTLP's messages into what a test reads, each with the number of bytes that it had on the wire.</summary>
internal static class OtlpReader
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;
    private const int DeltaTemporality = 1;

    /// <summary>The spans of a request; null for one whose ids break the specification.</summary>
    public static IEnumerable<(TelemetrySpan? Span, int Size)> Spans(TracesRequest request) =>
        from resource in request.Resources
        let source = Source(resource.Resource)
        from scope in resource.Scopes
        from span in scope.Spans
        select (Read(span, source, scope.Scope?.Name ?? string.Empty), span.CalculateSize());

    /// <summary>The log records of a request.</summary>
    public static IEnumerable<(TelemetryLog Log, int Size)> Logs(LogsRequest request) =>
        from resource in request.Resources
        let source = Source(resource.Resource)
        from scope in resource.Scopes
        from record in scope.Records
        select (Read(record, source, scope.Scope?.Name ?? string.Empty), record.CalculateSize());

    /// <summary>The points of a request's metrics, and whether each is to be added to the one before.</summary>
    public static IEnumerable<(TelemetryMetric Metric, bool IsDelta, int Size)> Metrics(MetricsRequest request) =>
        from resource in request.Resources
        let source = Source(resource.Resource)
        from scope in resource.Scopes
        from metric in scope.Metrics
        from point in Points(metric, source, scope.Scope?.Name ?? string.Empty)
        select point;

    private static TelemetrySource Source(Attributed? resource) => new(Read(resource?.Attributes ?? []));

    private static TelemetrySpan? Read(Span span, TelemetrySource source, string scope) =>
        Id(span.TraceId, TraceIdLength) is { } traceId && Id(span.SpanId, SpanIdLength) is { } spanId
            ? new TelemetrySpan
            {
                Source = source,
                Scope = scope,
                Name = span.Name,
                TraceId = traceId,
                SpanId = spanId,
                ParentSpanId = Id(span.ParentSpanId, SpanIdLength),
                Kind = span.Kind is >= 1 and <= 5 ? (ActivityKind)(span.Kind - 1) : ActivityKind.Internal,
                Status = span.Status?.Code is 1 or 2 ? (ActivityStatusCode)span.Status.Code : ActivityStatusCode.Unset,
                StatusDescription = span.Status?.Message is { Length: > 0 } description ? description : null,
                Start = Time(span.StartUnixNanos),
                End = Time(span.EndUnixNanos),
                Attributes = Read(span.Attributes),
                Events = [.. span.Events.Select(e => new TelemetrySpanEvent(e.Name, Time(e.UnixNanos), Read(e.Attributes)))],
                Links = [.. span.Links.Select(link => (Hex(link.TraceId), Hex(link.SpanId)))],
            }
            : null;

    private static TelemetryLog Read(LogRecord record, TelemetrySource source, string scope) => new()
    {
        Source = source,
        Category = scope,
        Level = Level(record.Severity),
        Text = Convert.ToString(Read(record.Body), CultureInfo.InvariantCulture) ?? string.Empty,
        EventName = record.EventName is { Length: > 0 } name ? name : null,
        Time = Time(record.UnixNanos == 0 ? record.ObservedUnixNanos : record.UnixNanos),
        Attributes = Read(record.Attributes),
        TraceId = Id(record.TraceId, TraceIdLength),
        SpanId = Id(record.SpanId, SpanIdLength),
    };

    private static IEnumerable<(TelemetryMetric Metric, bool IsDelta, int Size)> Points(Metric metric, TelemetrySource source, string scope)
    {
        return metric.DataCase switch
        {
            Metric.DataOneofCase.Gauge => metric.Gauge.Points.Select(p => (Number(p, TelemetryMetricKind.Gauge), false, p.CalculateSize())),
            Metric.DataOneofCase.Sum => metric.Sum.Points.Select(p =>
                (Number(p, TelemetryMetricKind.Sum), metric.Sum.Temporality == DeltaTemporality, p.CalculateSize())),
            Metric.DataOneofCase.Histogram => metric.Histogram.Points.Select(p =>
                (Make(TelemetryMetricKind.Histogram, p.Attributes, p.UnixNanos, p.Sum, (long)p.Count), metric.Histogram.Temporality == DeltaTemporality, p.CalculateSize())),
            Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.Points.Select(p =>
                (Make(TelemetryMetricKind.Histogram, p.Attributes, p.UnixNanos, p.Sum, (long)p.Count),
                    metric.ExponentialHistogram.Temporality == DeltaTemporality,
                    p.CalculateSize())),
            Metric.DataOneofCase.Summary => metric.Summary.Points.Select(p =>
                (Make(TelemetryMetricKind.Summary, p.Attributes, p.UnixNanos, p.Sum, (long)p.Count), false, p.CalculateSize())),
            _ => [],
        };

        TelemetryMetric Number(NumberPoint point, TelemetryMetricKind kind) => Make(
            kind, point.Attributes, point.UnixNanos, point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble, count: null);

        TelemetryMetric Make(TelemetryMetricKind kind, RepeatedField<KeyValue> attributes, ulong time, double value, long? count) => new()
        {
            Source = source,
            Scope = scope,
            Name = metric.Name,
            Description = metric.Description,
            Unit = metric.Unit,
            Kind = kind,
            Attributes = Read(attributes),
            Time = Time(time),
            Value = value,
            Count = count,
        };
    }

    private static TelemetryAttributes Read(IEnumerable<KeyValue> attributes) =>
        new(attributes.Select(attribute => KeyValuePair.Create(attribute.Key, Read(attribute.Value))));

    private static object? Read(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.Text => value.Text,
        AnyValue.ValueOneofCase.Truth => value.Truth,
        AnyValue.ValueOneofCase.Integer => value.Integer,
        AnyValue.ValueOneofCase.Real => value.Real,
        AnyValue.ValueOneofCase.List => value.List.Values.Select(Read).ToArray(),
        AnyValue.ValueOneofCase.Map => Read(value.Map.Values),
        AnyValue.ValueOneofCase.Binary => value.Binary.ToByteArray(),
        _ => null,
    };

    // Four numbers of the specification share one name: TRACE to TRACE4 are 1 to 4, and so on up to FATAL.
    private static LogLevel Level(int severity) => severity is >= 1 and <= 24 ? (LogLevel)((severity - 1) / 4) : LogLevel.None;

    private static DateTimeOffset Time(ulong unixNanos) => DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanos / TimeSpan.NanosecondsPerTick));

    // An id that is absent, or that holds zeros only, says that there is none.
    private static string? Id(ByteString id, int length) => id.Length == length && id.Any(part => part != 0) ? Hex(id) : null;

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);
}
