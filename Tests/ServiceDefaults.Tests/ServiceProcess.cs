using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Trellis.ServiceDefaults.Tests;

/// <summary>The sample service as a process of its own, configured through its environment as a deployed one is.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Read(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public int Id => _process.Id;

    /// <summary>The lines written to the standard output so far.</summary>
    public string[] Lines => Text(_output).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string Errors => Text(_errors);

    /// <summary>Starts a service and waits until it listens.</summary>
    /// <param name="environment">What is set beside what a deployed service has.</param>
    /// <param name="program">The native program to start; the sample service when null.</param>
    public static async Task<ServiceProcess> StartAsync(Dictionary<string, string>? environment = null, string? program = null)
    {
        var service = Launch(environment, program);
        var first = await Task.WhenAny(service._listening.Task, service._process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(60)));
        if (first != service._listening.Task)
        {
            var output = Text(service._output) + service.Errors;
            await service.DisposeAsync();
            Assert.Fail($"The service did not start: {output}");
        }

        service.Http.BaseAddress = await service._listening.Task;
        return service;
    }

    /// <summary>Starts a service that is expected to refuse its settings.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> FailToStartAsync(
        Dictionary<string, string> environment, string? program = null)
    {
        await using var service = Launch(environment, program);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await service._process.WaitForExitAsync(deadline.Token);
        return (service._process.ExitCode, Text(service._output), service.Errors);
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
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
    }

    private static ServiceProcess Launch(Dictionary<string, string>? environment, string? program)
    {
        string[] arguments = program is null ? [Path.Combine(AppContext.BaseDirectory, "Trellis.SampleService.dll")] : [];
        var start = new ProcessStartInfo(program ?? "dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Health__DrainDelay"] = "0",
            },
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Read(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (text)
        {
            text.Append(line).Append('\n');
        }

        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://[^\s""]+)")]
    private static partial Regex ListeningLine();
}
