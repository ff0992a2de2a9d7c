namespace Aspire.Hosting.Tests.Faults;

public sealed class FiftyResources
{
    [Fact]
    public async Task All_start_and_get_healthy_and_nothing_is_left_of_them()
    {
        await using var run = await FaultyRun.StartAsync("fifty");
        Assert.Equal(50, run.Process.Family().Count(pid => ProcessTable.CommandLine(pid).StartsWith("sleep 600", StringComparison.Ordinal)));

        await run.EndAsync("TERM");

        Assert.Equal(0, run.Process.ExitCode);
    }
}
