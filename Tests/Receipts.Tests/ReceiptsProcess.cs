using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Shop.Receipts.Tests;

/// <summary>The function as a process of its own, in Production.</summary>
internal sealed partial class ReceiptsProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReceiptsProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; } = new() { Timeout = Patience };

    /// <summary>What it has written so far.</summary>
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

    /// <summary>Starts it as a server and waits until it listens.</summary>
    public static async Task<ReceiptsProcess> ServeAsync(IReadOnlyList<string> command)
    {
        var service = Start(command, new() { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });
        try
        {
            service.Http.BaseAddress = await service._listening.Task.WaitAsync(Patience);
            return service;
        }
        catch (TimeoutException late)
        {
            await service.DisposeAsync();
            throw new InvalidOperationException($"It does not listen: {service.Output}", late);
        }
    }

    /// <summary>Starts it.</summary>
    public static ReceiptsProcess Start(IReadOnlyList<string> command, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ReceiptsProcess(Process.Start(start)!);
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
        await _process.WaitForExitAsync().WaitAsync(Patience);
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

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://[^\s""]+)")]
    private static partial Regex ListeningLine();
}
