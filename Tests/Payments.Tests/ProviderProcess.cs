using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Payments.Tests;

/// <summary>The payment provider: the simulator, a process of its own with a ledger that outlives it.</summary>
public sealed class ProviderProcess : ServerProcess
{
    public const string Key = "the-secret-of-the-tests";

    private readonly HttpClient _http;

    public ProviderProcess()
    {
        Url = new Uri($"http://127.0.0.1:{Port}");
        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Uri Url { get; }

    /// <summary>Starts it, or starts it again; its callbacks go to <paramref name="callbacks"/>, or nowhere.</summary>
    public Task StartAsync(Uri? callbacks) => LaunchAsync(
        AnswersAsync,
        "dotnet",
        BuiltProcesses.Provider,
        $"--contentRoot={Path.GetDirectoryName(BuiltProcesses.Provider)}",
        $"--urls={Url}",
        $"--Ledger:Folder={Folder}",
        $"--Callbacks:Key={Key}",
        "--Health:DrainDelay=0",
        $"--Callbacks:Url={callbacks}");

    /// <summary>Sets the fault switches, all of them: those that are not named are off.</summary>
    public async Task SwitchAsync(object faults)
    {
        using var answer = await _http.PutAsJsonAsync("/v1/faults", faults);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What an order has come to in the ledger.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(Guid orderId) =>
        [.. (await LedgerAsync()).Where(entry => entry.Reference == orderId.ToString())];

    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync()
    {
        var entries = new List<LedgerEntry>();
        for (long? after = 0; after is not null;)
        {
            var page = await _http.GetFromJsonAsync<LedgerPage>($"/v1/ledger?after={after}&limit=1000");
            entries.AddRange(page!.Entries);
            after = page.Next;
        }

        return entries;
    }

    /// <summary>Waits until it has done all that was asked of it, also by those who no longer wait for the answer.</summary>
    public Task IsIdleAsync() => Eventually.TrueAsync(
        async () => (await _http.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("http_server_active_requests", StringComparison.Ordinal) && line.Contains("POST", StringComparison.Ordinal))
            .All(line => line.Split(' ')[1] == "0"),
        "The provider was busy");

    public Task<HttpResponseMessage> PostAsync(string path, string? key, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return _http.SendAsync(request);
    }

    public Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path);

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed record LedgerPage(IReadOnlyList<LedgerEntry> Entries, long? Next);
}
