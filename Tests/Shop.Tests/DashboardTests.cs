using Microsoft.Playwright;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The dashboard as a developer sees it in a browser.</summary>
[Collection(DashboardRunCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DashboardTests(DashboardRun run)
{
    private static readonly string[] Resources =
    [
        "postgres", "postgres-process", "cache", "cache-process", "broker",
        "identitydb", "identity", "catalogdb", "catalog", "inventorydb", "inventory", "orderingdb", "ordering",
        "paymentsdb", "payments", "payment-provider", "fulfilmentdb", "fulfilment", "carrier", "receipts", "gateway",
    ];

    [Fact]
    public async Task It_shows_every_resource_running_and_healthy()
    {
        var page = await run.OpenAsync();

        // One that is not healthy is shown as "Running (Unhealthy)".
        await Eventually.TrueAsync(
            async () =>
            {
                var states = await StatesAsync(page);
                return Resources.All(resource => states.GetValueOrDefault(resource) == "Running");
            },
            "Not every resource was shown running");
    }

    [Fact]
    public async Task It_shows_the_log_of_the_database_server()
    {
        var page = await run.OpenAsync();

        await page.GotoAsync(new Uri(run.Dashboard, "/consolelogs/resource/postgres").AbsoluteUri);

        await page.GetByText("database system is ready to accept connections").First.WaitForAsync();
    }

    [Fact]
    public async Task It_shows_the_trace_of_a_call_to_the_gateway()
    {
        await run.SearchAsync("search=desk");
        var page = await run.OpenAsync();

        await page.GotoAsync(new Uri(run.Dashboard, "/traces").AbsoluteUri);

        await page.GetByText("gateway: GET /api/catalog/").First.WaitForAsync();
    }

    [Fact]
    public async Task It_shows_nothing_to_those_who_are_not_logged_in()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        using var response = await client.GetAsync(run.Dashboard);

        Assert.StartsWith("/login", new Uri(run.Dashboard, response.Headers.Location!).AbsolutePath, StringComparison.Ordinal);
    }

    /// <summary>The grid's state column by its name column.</summary>
    private static async Task<Dictionary<string, string>> StatesAsync(IPage page) =>
        (await page.Locator("tr").AllInnerTextsAsync())
            .Select(row => row.Split(['\n', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length > 1)
            .GroupBy(cells => cells[0], cells => cells[1])
            .ToDictionary(row => row.Key, row => row.First());
}
