using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Trellis.Gateway.Tests;

/// <summary>The gateway as it is deployed: its own process, configured through its environment and a settings file.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process, DirectoryInfo folder, int managementPort)
    {
        _process = process;
        _folder = folder;
        Management = new Uri($"http://127.0.0.1:{managementPort}");
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };

    public Uri Management { get; }

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a gateway that has references to the services.</summary>
    /// <param name="services">Addresses by service.</param>
    /// <param name="environment">Further environment variables.</param>
    public static async Task<GatewayProcess> StartAsync(
        Dictionary<string, string[]> services,
        Dictionary<string, string>? environment = null)
    {
        var gateway = Launch(services, environment);
        var first = await Task.WhenAny(gateway._listening.Task, gateway._process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(30)));
        if (first != gateway._listening.Task)
        {
            var output = gateway.Output;
            await gateway.DisposeAsync();
            Assert.Fail($"The gateway did not start: {output}");
        }

        gateway.Http.BaseAddress = await gateway._listening.Task;
        return gateway;
    }

    /// <summary>Starts a gateway that is expected to refuse its configuration.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> FailToStartAsync(Dictionary<string, string> environment)
    {
        await using var gateway = Launch([], environment);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await gateway._process.WaitForExitAsync(deadline.Token);
        return (gateway._process.ExitCode, gateway.Output);
    }

    /// <summary>Replaces the references to services while the gateway runs.</summary>
    public void Refer(Dictionary<string, string[]> services) => WriteReferences(_folder, services);

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]))
        {
            await kill.WaitForExitAsync();
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static GatewayProcess Launch(Dictionary<string, string[]> services, Dictionary<string, string>? environment)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-tests-");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Path.Combine(folder.FullName, "appsettings.json"));
        WriteReferences(folder, services);
        var managementPort = FreePort.Next();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Trellis.Gateway.dll")])
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                // The file appsettings.<environment>.json holds the references, because a running process has its environment for good.
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["MANAGEMENT__PORT"] = managementPort.ToString(),
            },
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new GatewayProcess(Process.Start(start)!, folder, managementPort);
    }

    private static void WriteReferences(DirectoryInfo folder, Dictionary<string, string[]> services)
    {
        var settings = new { services = services.ToDictionary(service => service.Key, service => new { http = service.Value }) };
        var file = Path.Combine(folder.FullName, "appsettings.Development.json");
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(settings));
        File.Move(file + ".new", file, overwrite: true);
    }

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        // The public address comes first, the management address after it.
        if (line is not null && ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningLine();
}
