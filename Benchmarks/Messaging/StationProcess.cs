using System.Diagnostics;
using System.Globalization;

namespace Trellis.Benchmarks.Messaging;

/// <summary>A process that says "ready", waits for a line, says "done" and, after another line, ends.</summary>
internal sealed class StationProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private StationProcess(Process process) => _process = process;

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static StationProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new StationProcess(Process.Start(start)!);
    }

    public async Task SaysAsync(string word)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line == word)
            {
                return;
            }

            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException($"A station ended before it said '{word}'.");
    }

    public Task GoAsync() => _process.StandardInput.WriteLineAsync("go");

    public async Task EndAsync()
    {
        await GoAsync();
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>The times that a station has noted, by the number of the message.</summary>
    public static long[] ReadTimes(string file) => [.. File.ReadLines(file).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
}
