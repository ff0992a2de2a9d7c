using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>The Aspire dashboard alone, on the cores of the load: it receives the telemetry.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly Process _process;

    private Collector(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it takes OTLP over gRPC.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">The dashboard is not there or does not listen.</exception>
    public static async Task<Collector> StartAsync(string repository)
    {
        var program = Environment.GetEnvironmentVariable("ASPIRE_DASHBOARD_PATH")
            ?? Path.Combine(repository, ".tools", "aspire", "bundle", "managed", "aspire-managed");
        if (!File.Exists(program))
        {
            throw new InvalidOperationException($"There is no dashboard at {program}: build the AppHost first.");
        }

        var (frontend, otlp) = (FreePort.Next(), FreePort.Next());
        var start = new ProcessStartInfo("taskset")
        {
            ArgumentList = { "-c", Cores.OfLoad, program, "dashboard" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{frontend}";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{otlp}";
        start.Environment["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";
        var collector = new Collector(Process.Start(start)!, new Uri($"http://127.0.0.1:{otlp}"));
        collector._process.OutputDataReceived += static (_, _) => { };
        collector._process.BeginOutputReadLine();
        await collector.WaitUntilItListensAsync(otlp);
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilItListensAsync(int port)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!_process.HasExited && !deadline.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }

        throw new InvalidOperationException("The dashboard does not listen for telemetry.");
    }
}
