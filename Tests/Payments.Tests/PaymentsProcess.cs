using System.Net;

namespace Shop.Payments.Tests;

/// <summary>The service as a process of its own, which can be killed.</summary>
public sealed class PaymentsProcess : ServerProcess
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public Uri Callbacks => new($"http://127.0.0.1:{Port}/api/payments/callbacks");

    public Task StartAsync(IReadOnlyDictionary<string, string> settings) => LaunchAsync(
        AnswersAsync,
        "dotnet",
        [
            BuiltProcesses.Payments,
            $"--contentRoot={AppContext.BaseDirectory}",
            $"--urls=http://127.0.0.1:{Port}",
            "--Health:DrainDelay=0",
            .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ]);

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
