using System.Diagnostics;
using System.Globalization;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>
/// When each parcel was sent or came in, by the machine's monotonic clock, which all processes share. What comes twice counts once.
/// </summary>
/// <param name="stages">How many parcels there are in each stage; a stage begins when the one before has ended.</param>
internal sealed class Times(params int[] stages)
{
    private readonly long[] _ticks = new long[stages.Sum()];
    private readonly TaskCompletionSource[] _ended = [.. stages.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    private int _noted;

    public bool AllNoted => Volatile.Read(ref _noted) == _ticks.Length;

    public Task EndOfAsync(int stage) => stages[stage] == 0 ? Task.CompletedTask : _ended[stage].Task;

    public void Note(int number)
    {
        if (Interlocked.CompareExchange(ref _ticks[number], Stopwatch.GetTimestamp(), 0) != 0)
        {
            return;
        }

        var noted = Interlocked.Increment(ref _noted);
        for (var (stage, end) = (0, stages[0]); stage < stages.Length; end += ++stage < stages.Length ? stages[stage] : 0)
        {
            if (noted == end)
            {
                _ended[stage].TrySetResult();
            }
        }
    }

    public Task WriteAsync(string file) => File.WriteAllLinesAsync(file, _ticks.Select(tick => tick.ToString(CultureInfo.InvariantCulture)));
}
