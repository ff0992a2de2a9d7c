using System.Globalization;
using System.Text;

namespace Trellis.Hosting.Testing;

/// <summary>The spans of one trace that have arrived, from all services.</summary>
public sealed class TelemetryTrace
{
    private readonly Dictionary<string, TelemetrySpan> _byId;
    private readonly ILookup<string?, TelemetrySpan> _byParent;

    internal TelemetryTrace(string traceId, IEnumerable<TelemetrySpan> spans)
    {
        TraceId = traceId;
        Spans = [.. spans.OrderBy(span => span.Start)];
        _byId = new Dictionary<string, TelemetrySpan>(StringComparer.Ordinal);
        foreach (var span in Spans)
        {
            _byId[span.SpanId] = span;
        }

        _byParent = Spans.ToLookup(span => span.ParentSpanId, StringComparer.Ordinal);
    }

    /// <summary>The id: 32 hexadecimal digits in lower case.</summary>
    public string TraceId { get; }

    /// <summary>All spans, in the order in which they began.</summary>
    public IReadOnlyList<TelemetrySpan> Spans { get; }

    /// <summary>The names of the resources that have a part in it, in the order in which they came in.</summary>
    public IReadOnlyList<string> Resources => [.. Spans.Select(span => span.Resource).Distinct(StringComparer.Ordinal)];

    /// <summary>The spans without a parent among <see cref="Spans"/>: the beginning, and parts whose parent has not arrived (yet) or is not traced.</summary>
    public IReadOnlyList<TelemetrySpan> Roots => [.. Spans.Where(span => ParentOf(span) is null)];

    /// <summary>The span that caused another; null where there is none, or where it has not arrived.</summary>
    public TelemetrySpan? ParentOf(TelemetrySpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        return span.ParentSpanId is { } parent && parent != span.SpanId ? _byId.GetValueOrDefault(parent) : null;
    }

    /// <summary>The spans that a span caused directly, in the order in which they began.</summary>
    public IReadOnlyList<TelemetrySpan> ChildrenOf(TelemetrySpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        return [.. _byParent[span.SpanId].Where(child => child.SpanId != span.SpanId)];
    }

    /// <summary>Whether one span is the reason for another, directly or through others.</summary>
    public bool IsCausedBy(TelemetrySpan span, TelemetrySpan cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        // What a service sends may name parents in a circle.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var parent = ParentOf(span); parent is not null && seen.Add(parent.SpanId); parent = ParentOf(parent))
        {
            if (parent.SpanId == cause.SpanId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The trace as an indented tree, one line a span, with the time that it took in milliseconds.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append("trace ").Append(TraceId).AppendLine();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var root in Roots)
        {
            Write(root, 1);
        }

        return text.ToString();

        void Write(TelemetrySpan span, int depth)
        {
            if (!written.Add(span.SpanId))
            {
                return;
            }

            text.Append(' ', 2 * depth)
                .Append(CultureInfo.InvariantCulture, $"{span} {span.Duration.TotalMilliseconds:0.0} ms")
                .AppendLine();
            foreach (var child in ChildrenOf(span))
            {
                Write(child, depth + 1);
            }
        }
    }
}
