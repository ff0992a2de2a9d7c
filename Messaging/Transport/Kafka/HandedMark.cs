using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>
/// Up to where messages of a partition were handed out, and how many members have died of what was not completed before it. Kafka does not count deliveries;
/// this is kept as an offset of a group that nobody joins, both numbers in one.
/// </summary>
/// <param name="End">The offset behind the last one that was handed out.</param>
/// <param name="Deaths">How often what is before it came back.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HandedMark(long End, int Deaths)
{
    private const int MostDeaths = 1023;

    public Offset Offset => (End * (MostDeaths + 1)) + Math.Min(Deaths, MostDeaths);

    public static HandedMark Of(Offset offset) => offset.IsSpecial ? default : new HandedMark(offset.Value / (MostDeaths + 1), (int)(offset.Value % (MostDeaths + 1)));
}
