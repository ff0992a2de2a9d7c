using System.Net;
using System.Net.Http.Headers;
using Hangfire;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Shop.Fulfilment.Tests;

/// <summary>The whole service in this process, on a real server and a port that the system chose.</summary>
public sealed class FulfilmentApp : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly TimeProvider? _time;

    public FulfilmentApp(IReadOnlyDictionary<string, string> settings, TimeProvider? time = null)
    {
        (_settings, _time) = (settings, time);
        UseKestrel();
    }

    public Uri Address
    {
        get
        {
            StartServer();
            return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        }
    }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () => (await Http.GetAsync(new Uri(Address, "/ready"))).StatusCode == HttpStatusCode.OK, "Fulfilment was not ready");

    /// <summary>Runs a recurring job now, and waits for its end.</summary>
    public async Task RunJobAsync(string name)
    {
        var storage = Services.GetRequiredService<JobStorage>();
        string? job = null;
        await Eventually.TrueAsync(() => (job = Services.GetRequiredService<IRecurringJobManagerV2>().TriggerJob(name)) is not null, $"There was no job {name}");
        await Eventually.TrueAsync(
            () =>
            {
                using var connection = storage.GetConnection();
                var state = connection.GetStateData(job);
                return state?.Name != "Failed" ? state?.Name == "Succeeded" : throw new InvalidOperationException(state.Data["ExceptionDetails"]);
            },
            $"The job {name} did not succeed",
            seconds: 60);
    }

    /// <summary>Asks as somebody with the scope, or as nobody.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? scope, HttpContent? content = null, int? port = null, string? site = null)
    {
        using var request = new HttpRequestMessage(method, new UriBuilder(new Uri(Address, path)) { Port = port ?? Address.Port }.Uri) { Content = content };
        request.Headers.Authorization = scope is null ? null : new AuthenticationHeaderValue("Bearer", TestTokens.Mint(scope));
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>The value of a metric; 0 where it has none.</summary>
    public async Task<double> MetricAsync(string name, string labels = "")
    {
        var lines = (await Http.GetStringAsync(new Uri(Address, "/metrics"))).Split('\n');
        return lines.Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(labels, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0]));
    }

    public override async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await base.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls("http://127.0.0.1:0").UseEnvironment("Production");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        if (_time is not null)
        {
            builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton(_time)));
        }
    }
}
