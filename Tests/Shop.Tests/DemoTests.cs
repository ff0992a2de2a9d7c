using System.Diagnostics;

namespace Shop.Tests;

/// <summary>What README tells a newcomer to try.</summary>
[Collection(ShopApplicationCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DemoTests(ShopApplication shop)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public Task The_demo_shows_an_order_for_every_end() => AssertShowsEveryEndAsync(shop.Gateway.BaseAddress!);

    [Theory]
    [InlineData("Kafka")]
    [InlineData("PostgreSql")]
    public async Task The_demo_shows_an_order_for_every_end_whatever_the_broker(string broker)
    {
        using var folder = new RunFolder();
        await using var run = await ShopRun.StartAsync(folder, environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Broker"] = broker });

        await AssertShowsEveryEndAsync(run.GatewayUrl);
    }

    [Fact]
    public async Task Without_a_shop_the_demo_says_so()
    {
        // A port that nobody listens on: nothing may listen on 1 without being asked to.
        var start = new ProcessStartInfo("bash", [Path.Combine(BuiltSystem.Repository, "eng", "demo.sh"), "http://127.0.0.1:1"]) { UseShellExecute = false, RedirectStandardError = true };
        using var demo = Process.Start(start)!;

        var errors = await demo.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await demo.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("is the shop running?", errors, StringComparison.Ordinal);
    }

    private static async Task AssertShowsEveryEndAsync(Uri gateway)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(BuiltSystem.Repository, "eng", "demo.sh"), gateway.GetLeftPart(UriPartial.Authority)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var demo = Process.Start(start)!;
        try
        {
            var output = demo.StandardOutput.ReadToEndAsync();
            var errors = demo.StandardError.ReadToEndAsync();
            await demo.WaitForExitAsync().WaitAsync(Patience);

            Assert.True(demo.ExitCode == 0, $"{await output}{await errors}");
            Assert.All(["Completed", "PaymentDeclined", "Rejected", "Cancelled"], status => Assert.Contains($"  {status}\n", output.Result, StringComparison.Ordinal));
            Assert.Matches(@"(?m)^  Total   [0-9.,]+ EUR$", await output);
        }
        finally
        {
            demo.Kill(entireProcessTree: true);
        }
    }
}
