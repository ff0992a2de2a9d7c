using System.Diagnostics;

namespace Trellis.Hosting.Testing;

/// <summary>An operation that a service has reported, as OpenTelemetry's tracing specification describes it.</summary>
public sealed class TelemetrySpan
{
    internal TelemetrySpan()
    {
    }

    /// <summary>Who reported it.</summary>
    public required TelemetrySource Source { get; init; }

    /// <summary>The name of the resource that reported it; short for <see cref="TelemetrySource.Name"/>.</summary>
    public string Resource => Source.Name;

    /// <summary>The library that made it: the name of its <see cref="ActivitySource"/> in .NET.</summary>
    public required string Scope { get; init; }

    /// <summary>What was done, such as <c>GET /api/catalog/products</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the trace: 32 hexadecimal digits in lower case.</summary>
    public required string TraceId { get; init; }

    /// <summary>The id of the span: 16 hexadecimal digits in lower case.</summary>
    public required string SpanId { get; init; }

    /// <summary>The id of the span that caused it; null for the first one of a trace.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>Its part in a conversation: server, client, producer, consumer or internal.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>Whether it went well.</summary>
    public required ActivityStatusCode Status { get; init; }

    /// <summary>Why it did not go well; null where nothing was said.</summary>
    public string? StatusDescription { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration => End - Start;

    /// <summary>What is known of it, named by OpenTelemetry's semantic conventions.</summary>
    public required TelemetryAttributes Attributes { get; init; }

    /// <summary>What happened in its course, such as an exception.</summary>
    public required IReadOnlyList<TelemetrySpanEvent> Events { get; init; }

    /// <summary>Ids of traces and spans that it has to do with, other than its parent.</summary>
    public required IReadOnlyList<(string TraceId, string SpanId)> Links { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Resource}: {Name}{(Status == ActivityStatusCode.Error ? " (error)" : "")}";
}
