using System.Diagnostics;
using System.Globalization;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>Kills in the midst of writing: what was acknowledged is there afterwards, and nothing is in the way of going on.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class KilledWhileWritingTests : IDisposable
{
    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AppHost")]
    [InlineData("engine")]
    public async Task Every_acknowledged_product_is_there_in_the_next_run(string victim)
    {
        await using var run = await ShopRun.StartAsync(_folder);
        await using var writer = new ProductWriter(run.GatewayUrl);
        await writer.WritesAsync(30);
        var family = run.Family();
        var servers = Of("postgres");

        Signal("KILL", victim == "AppHost" ? [run.Id] : Of("/dcp "));

        await Eventually.TrueAsync(() => !run.Survivors().Intersect(servers).Any(), "A server was still running", ShopRun.KillTimeout.TotalSeconds);
        await writer.StopAsync();
        foreach (var survivor in run.Survivors())
        {
            Signal("KILL", survivor);
        }

        await using var next = await ShopRun.StartAsync(_folder);
        await writer.AssertNothingIsLostAsync(next.GatewayUrl);

        int[] Of(string program)
        {
            int[] found = [.. family.Where(pid => ProcessTable.CommandLine(pid).Contains(program, StringComparison.Ordinal))];
            Assert.NotEmpty(found);
            return found;
        }
    }

    [Fact]
    public async Task The_catalog_goes_on_by_itself_when_a_child_of_PostgreSQL_is_killed()
    {
        await using var run = await ShopRun.StartAsync(_folder);
        await using var writer = new ProductWriter(run.GatewayUrl);
        await writer.WritesAsync(10);
        // Those that serve the catalog call themselves "postgres: <user> <database> ...".
        var children = run.Family().Where(pid => ProcessTable.CommandLine(pid).StartsWith("postgres: postgres catalogdb", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(children);

        Signal("KILL", children[0]);

        await Eventually.TrueAsync(() => !ProcessTable.Read().Runs(children[0]), "It still ran");
        await writer.WritesAsync(20);
        await writer.AssertNothingIsLostAsync(run.GatewayUrl);
    }

    private static void Signal(string signal, params int[] processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }
}
