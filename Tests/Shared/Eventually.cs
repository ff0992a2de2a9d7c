using System.Diagnostics;

namespace Trellis.Tests;

/// <summary>Waits for conditions, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again until the answer is true; throws <see cref="TimeoutException"/> with the complaint when the time is over.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string complaint, double seconds = 30)
    {
        for (var clock = Stopwatch.StartNew(); !await condition();)
        {
            if (clock.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"{complaint} within {seconds} s");
            }

            await Task.Delay(Interval);
        }
    }

    /// <summary>Asks again until the answer is true; throws <see cref="TimeoutException"/> with the complaint when the time is over.</summary>
    public static Task TrueAsync(Func<bool> condition, string complaint, double seconds = 30)
        => TrueAsync(() => Task.FromResult(condition()), complaint, seconds);
}
