using System.Diagnostics;
using System.Globalization;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>
/// When each parcel was sent or came in, by the machine's monotonic clock, which all processes share. What comes twice counts once.
/// </summary>
internal sealed class Times(int count)
{
    private readonly long[] _ticks = new long[count];
    private readonly TaskCompletionSource _all = new();
    private int _noted;

    public Task All => _all.Task;

    public void Note(int number)
    {
        if (Interlocked.CompareExchange(ref _ticks[number], Stopwatch.GetTimestamp(), 0) == 0 && Interlocked.Increment(ref _noted) == count)
        {
            _all.SetResult();
        }
    }

    public Task WriteAsync(string file) => File.WriteAllLinesAsync(file, _ticks.Select(tick => tick.ToString(CultureInfo.InvariantCulture)));
}
