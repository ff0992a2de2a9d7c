using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The built AppHost as a process, with the real dashboard and a browser; shared by tests that only look.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DashboardRun : IAsyncLifetime
{
    private const string ApiKey = "key-of-the-telemetry-api-in-tests";

    private readonly RunFolder _folder = new();
    private readonly HttpClient _telemetry = new() { DefaultRequestHeaders = { { "x-api-key", ApiKey } } };
    private AppHostProcess? _appHost;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the gateway listens.</summary>
    public Uri Gateway => _appHost!.GatewayUrl;

    /// <summary>Where the dashboard listens.</summary>
    public Uri Dashboard => _appHost!.DashboardUrl;

    /// <summary>What the AppHost said so far.</summary>
    public string Output => _appHost!.Output;

    /// <summary>A page of the browser, logged in through the link that the AppHost printed.</summary>
    public async Task<IPage> OpenAsync()
    {
        var (_, line) = await _appHost!.WaitForLineAsync("Login to the dashboard at ", ShopRun.StartTimeout);
        var page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout((float)ShopRun.StartTimeout.TotalMilliseconds / 3);
        await page.GotoAsync(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim());
        return page;
    }

    /// <summary>A search through the gateway.</summary>
    public async Task<JsonNode> SearchAsync(string query)
    {
        using var client = new HttpClient { BaseAddress = Gateway };
        using var response = await client.GetAsync($"{ShopRun.Products}?{query}");
        return await Answers.JsonAsync(response);
    }

    /// <summary>The spans that the dashboard has received, of requests through the gateway.</summary>
    public async Task<IReadOnlyList<Span>> SpansAsync()
    {
        // Only the last hundred are shown, and after the first start messages make many that no request did.
        using var response = await _telemetry.GetAsync(new Uri(Dashboard, "/api/telemetry/traces?resource=gateway"));
        return Span.Read(await Answers.JsonAsync(response));
    }

    public async Task InitializeAsync()
    {
        try
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium(),
                // Chromium's sandbox refuses to run as root.
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            });
            _appHost = await ShopRun.StartAsync(_folder, arguments: [$"--AppHost:DashboardApiKey={ApiKey}"]);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_appHost is not null)
        {
            await _appHost.DisposeAsync();
        }

        _telemetry.Dispose();
        _folder.Dispose();
    }

    private static string Chromium() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "chromium"))
        .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is missing. Install it (Debian package chromium).");
}
