using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Trellis.Tests;

namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>A server's processes on their cores; ends them when disposed of.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly HttpClient _client = new();
    private readonly string _name;

    private RunningServer(Process process, Uri address, string name)
    {
        _process = process;
        _name = name;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts the server in production settings.</summary>
    /// <param name="contender">What to start.</param>
    /// <param name="folder">The folder to start it in.</param>
    /// <param name="collector">Where it may send telemetry.</param>
    /// <exception cref="InvalidOperationException">taskset is not installed.</exception>
    public static RunningServer Start(Contender contender, string folder, Uri? collector)
    {
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("taskset") { UseShellExecute = false, WorkingDirectory = folder, ArgumentList = { "-c", Cores.OfServers } };
        foreach (var argument in contender.Command)
        {
            start.ArgumentList.Add(argument.Replace("{port}", port, StringComparison.Ordinal));
        }

        start.Environment["ASPNETCORE_URLS"] = address.AbsoluteUri;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        // The settings that service defaults ask for outside development.
        start.Environment["Authentication__Schemes__Bearer__Authority"] = "https://identity.invalid";
        start.Environment["Authentication__Schemes__Bearer__ValidAudience"] = "benchmark";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (contender.WithCollector && collector is not null)
        {
            start.Environment["OTEL_SERVICE_NAME"] = "benchmark";
            start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.AbsoluteUri;
            start.Environment["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio";
            start.Environment["OTEL_TRACES_SAMPLER_ARG"] = "0.1";
        }

        try
        {
            return new RunningServer(Process.Start(start)!, address, contender.Name);
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("taskset is missing: sudo apt-get install util-linux", exception);
        }
    }

    /// <summary>Waits until the path answers with status 200.</summary>
    /// <exception cref="InvalidOperationException">The server ended, or did not answer in time.</exception>
    public async Task WaitForAnswerAsync(string path)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!deadline.IsCancellationRequested)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{_name} ended with code {_process.ExitCode}.");
            }

            try
            {
                using var response = await _client.GetAsync(new Uri(Address, path), deadline.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1));
            }
        }

        throw new InvalidOperationException($"{_name} did not answer within {Deadline.TotalSeconds} s.");
    }

    /// <summary>Makes sure that the server validates: a benchmark of one that does not says nothing.</summary>
    public async Task ExpectAsync(Uri url, string body, bool accepted)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(url, content);
        var status = (int)response.StatusCode;
        if (accepted ? status != 200 : status is not (400 or 422))
        {
            throw new InvalidOperationException($"{_name} answers {status} to {body}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>User and system time of all the server's processes so far (proc(5): in hundredths of a second).</summary>
    public TimeSpan ProcessorTime()
    {
        var ticks = Family().Sum(pid =>
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        });
        return TimeSpan.FromSeconds(ticks / 100.0);
    }

    public long Memory() => Family().Sum(ProcessTable.ProportionalMemory);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private List<int> Family() => [_process.Id, .. ProcessTable.Read().Descendants(_process.Id)];
}
