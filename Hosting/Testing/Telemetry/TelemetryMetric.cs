using System.Globalization;

namespace Trellis.Hosting.Testing;

/// <summary>
/// The latest value of a metric, for one sender and one set of attributes. A sender that reports only what came since its last report
/// (delta temporality) is added up, so that a sum or count is always the one since the start.
/// </summary>
public sealed class TelemetryMetric
{
    internal TelemetryMetric()
    {
    }

    /// <summary>Who reported it.</summary>
    public required TelemetrySource Source { get; init; }

    /// <summary>The name of the resource that reported it; short for <see cref="TelemetrySource.Name"/>.</summary>
    public string Resource => Source.Name;

    /// <summary>The name of the meter.</summary>
    public required string Scope { get; init; }

    /// <summary>The name of the instrument, such as <c>http.server.request.duration</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures; empty where the sender does not say.</summary>
    public required string Description { get; init; }

    /// <summary>The unit in UCUM's notation, such as <c>s</c> or <c>By</c>; empty where the sender does not say.</summary>
    public required string Unit { get; init; }

    /// <summary>What the value means.</summary>
    public required TelemetryMetricKind Kind { get; init; }

    /// <summary>What tells this series from the others of the instrument.</summary>
    public required TelemetryAttributes Attributes { get; init; }

    /// <summary>When the value was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The value in <see cref="Unit"/>; for histograms and summaries the sum of all measurements.</summary>
    public required double Value { get; init; }

    /// <summary>How many measurements a histogram or summary holds; null for the other kinds.</summary>
    public long? Count { get; init; }

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Resource}: {Name} {Attributes} = {Value}{(Count is { } count ? $" in {count}" : "")}");
}
