using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Payments.Tests;

/// <summary>The whole service in this process, on a real server and a port that the system chose.</summary>
public sealed class PaymentsApp : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string> _settings;

    public PaymentsApp(IReadOnlyDictionary<string, string> settings)
    {
        _settings = settings;
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

    public Uri Callbacks => new(Address, "/api/payments/callbacks");

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () => (await Http.GetAsync(new Uri(Address, "/ready"))).StatusCode == HttpStatusCode.OK, "Payments was not ready");

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
        builder.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
