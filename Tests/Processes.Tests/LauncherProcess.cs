using System.Collections.Concurrent;
using System.Diagnostics;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>A launcher as a supervisor runs it: its output is read, and it is gone after the test.</summary>
internal sealed class LauncherProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    public LauncherProcess(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool supervised = false)
    {
        // With a shell in between, which may be killed.
        string[] supervisor = supervised ? ["-c", "\"$@\" & wait", "supervisor", "/bin/sh"] : [];
        var start = new ProcessStartInfo("/bin/sh", [.. supervisor, BuiltPaths.Launcher(script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public Task PrintsAsync(string text) => Eventually.TrueAsync(() => Output.Contains(text, StringComparison.Ordinal) || _process.HasExited, $"'{text}' in\n{Output}")
        .ContinueWith(_ => Assert.Contains(text, Output, StringComparison.Ordinal), TaskScheduler.Default);

    public async Task<int> ExitsAsync(double seconds = 20)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not exit within {seconds} s:\n{Output}");
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
