using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>What one endpoint did under load.</summary>
/// <param name="Throughput">Requests per second.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile of the latency in milliseconds.</param>
/// <param name="Requests">How many requests there were.</param>
internal sealed record Load(double Throughput, double P50, double P99, long Requests)
{
    private const int Connections = 64;

    /// <summary>Puts an endpoint under load from the cores that the servers do not have.</summary>
    /// <param name="body">The body of a POST; null for a GET.</param>
    /// <exception cref="InvalidOperationException">A request failed, or wrk did.</exception>
    public static async Task<Load> RunAsync(string peers, Uri url, string? body, int seconds)
    {
        var start = new ProcessStartInfo("taskset")
        {
            ArgumentList =
            {
                "-c", Cores.OfLoad, "wrk", "-t2", $"-c{Connections}", $"-d{seconds.ToString(CultureInfo.InvariantCulture)}s",
                "-s", Path.Combine(peers, "load.lua"), url.AbsoluteUri,
            },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (body is not null)
        {
            start.Environment["BODY"] = body;
        }

        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith('{'))
            ?? throw new InvalidOperationException($"wrk ended with code {wrk.ExitCode} and said:\n{output}");
        using var sum = JsonDocument.Parse(line);
        var errors = sum.RootElement.GetProperty("errors").GetInt64();
        var requests = sum.RootElement.GetProperty("requests").GetInt64();
        return errors == 0
            ? new Load(
                requests / (sum.RootElement.GetProperty("microseconds").GetDouble() / 1e6),
                sum.RootElement.GetProperty("p50").GetDouble() / 1e3,
                sum.RootElement.GetProperty("p99").GetDouble() / 1e3,
                requests)
            : throw new InvalidOperationException($"{errors} of {requests} requests to {url} failed.");
    }
}
