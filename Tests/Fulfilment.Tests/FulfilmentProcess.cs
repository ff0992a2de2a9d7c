using System.Net;
using System.Net.Http.Headers;

namespace Shop.Fulfilment.Tests;

/// <summary>The service as a process of its own, which can be killed.</summary>
public sealed class FulfilmentProcess : ServerProcess
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public Task StartAsync(IReadOnlyDictionary<string, string> settings) => LaunchAsync(
        AnswersAsync,
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Shop.Fulfilment.dll"),
            $"--contentRoot={AppContext.BaseDirectory}",
            $"--urls=http://127.0.0.1:{Port}",
            "--Health:DrainDelay=0",
            .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ]);

    /// <summary>Presses the button of a recurring job in the dashboard.</summary>
    public async Task<HttpResponseMessage> TriggerAsync(string job)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{Port}/jobs/recurring/trigger"));
        request.Content = new FormUrlEncodedContent([new("jobs[]", job)]);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Mint("operations.write"));
        return await _http.SendAsync(request);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{Port}/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
