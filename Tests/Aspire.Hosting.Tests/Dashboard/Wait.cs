namespace Aspire.Hosting.Dashboard;

/// <summary>Waiting for conditions, with a deadline.</summary>
internal static class Wait
{
    /// <summary>The end of a test's patience.</summary>
    public static CancellationToken Deadline(int seconds = 30) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;

    public static async Task UntilAsync(Func<bool> condition, string complaint, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            Assert.False(cancellationToken.IsCancellationRequested, complaint);
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
