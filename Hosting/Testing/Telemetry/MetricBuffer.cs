namespace Trellis.Hosting.Testing;

/// <summary>The latest value of every series, as many series as fit into a number of bytes.</summary>
/// <param name="capacity">In bytes on the wire.</param>
internal sealed class MetricBuffer(long capacity)
{
    private const int Overhead = 512;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<Series, (TelemetryMetric Metric, int Size)> _series = [];
    private long _size;
    private long _dropped;

    /// <summary>How many series had to make room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public IReadOnlyList<TelemetryMetric> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _series.Values.Select(entry => entry.Metric)];
            }
        }
    }

    public void Add(TelemetryMetric metric, bool isDelta, int size)
    {
        var series = new Series(metric.Resource, metric.Source.Instance, metric.Scope, metric.Name, metric.Attributes.ToString());
        lock (_lock)
        {
            if (_series.TryGetValue(series, out var before))
            {
                _series[series] = (isDelta ? Sum(before.Metric, metric) : metric, before.Size);
                return;
            }

            _series.Add(series, (metric, size + Overhead));
            _size += size + Overhead;
            while (_size > capacity && _series.Count > 0)
            {
                _size -= _series.GetAt(0).Value.Size;
                _series.RemoveAt(0);
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _series.Clear();
            (_size, _dropped) = (0, 0);
        }
    }

    private static TelemetryMetric Sum(TelemetryMetric before, TelemetryMetric now) => new()
    {
        Source = now.Source,
        Scope = now.Scope,
        Name = now.Name,
        Description = now.Description,
        Unit = now.Unit,
        Kind = now.Kind,
        Attributes = now.Attributes,
        Time = now.Time,
        Value = before.Value + now.Value,
        Count = before.Count + now.Count,
    };

    private sealed record Series(string Resource, string? Instance, string Scope, string Name, string Attributes);
}
