namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>The message of the benchmark, small as most events are.</summary>
/// <param name="Number">Counts from 0.</param>
/// <param name="Address">Some text.</param>
public sealed record Parcel(int Number, string Address)
{
    public const string MessageType = "shop.station.parcel-sent.v1";
}
