using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Tests;

/// <summary>A service that calls another, named catalog.</summary>
internal static class CallingService
{
    /// <summary>Settings with which a test does not wait.</summary>
    public static Dictionary<string, string?> Fast { get; } = new() { ["Http:Defaults:RetryDelay"] = "00:00:00.01" };

    /// <summary>Where nobody listens: the port of a listener that has gone.</summary>
    public static string ClosedAddress { get; } = Close();

    public static Task<TestService> OfAsync(TestService catalog, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Fast) { ["services:catalog:http:0"] = catalog.App.Urls.First() };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return TestService.StartAsync(settings: all);
    }

    public static HttpClient Client(TestService service) => service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

    private static string Close()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
