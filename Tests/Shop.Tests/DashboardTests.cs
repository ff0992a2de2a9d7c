using Microsoft.Playwright;

namespace Shop.Tests;

/// <summary>The dashboard as a developer sees it in a browser.</summary>
[Collection(DashboardRunCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DashboardTests(DashboardRun run)
{
    private static readonly string[] Resources = ["postgres", "postgres-process", "catalogdb", "cache", "cache-process", "catalog", "gateway"];

    [Fact]
    public async Task It_shows_every_resource_running_and_healthy()
    {
        var page = await run.OpenAsync();
        string[] rows = [];
        for (var i = 0; i < 20; i++) { await Task.Delay(500); rows = await RowsAsync(page); }
        Assert.Fail(string.Join("\n---\n", rows) + page.Url);
    }

    private static async Task<string[]> RowsAsync(IPage page) => [.. await page.Locator("tr, [role=row]").AllInnerTextsAsync()];
}
