namespace Trellis.ServiceDefaults.Tests;

internal static class Eventually
{
    /// <summary>Asks again until the answer is yes; fails after ten seconds.</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within ten seconds: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(() => Task.FromResult(condition()), what);
}
