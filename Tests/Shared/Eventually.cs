using System.Diagnostics;

namespace Trellis.Tests;

/// <summary>Waits for conditions, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again until the answer is true; throws <see cref="TimeoutException"/> with the complaint after 30 s.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string complaint)
    {
        for (var clock = Stopwatch.StartNew(); !await condition();)
        {
            if (clock.Elapsed > Deadline)
            {
                throw new TimeoutException($"{complaint} within {Deadline.TotalSeconds} s");
            }

            await Task.Delay(Interval);
        }
    }
}
