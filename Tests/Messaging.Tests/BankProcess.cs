using System.Diagnostics;
using System.Reflection;

namespace Trellis.Messaging.Tests;

/// <summary>A replica of a service of the bank, that is started again whenever it ends.</summary>
internal sealed class BankProcess(string service, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly string Assembly =
        typeof(BankProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Bank").Value!;

    private readonly Lock _lock = new();
    private readonly List<string> _output = [];
    private Process? _process;

    /// <summary>How often it died.</summary>
    public int Deaths { get; private set; }

    public bool Runs => _process is { HasExited: false };

    public IReadOnlyList<string> LastOutput
    {
        get
        {
            lock (_lock)
            {
                return [.. _output.TakeLast(15)];
            }
        }
    }

    public static async Task PrepareAsync(string service, IReadOnlyDictionary<string, string> settings)
    {
        using var process = Process.Start(StartInfo(service, settings, fault: null, "prepare"))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }

    public void Start(string? fault = null, string? rate = null)
    {
        var info = StartInfo(service, settings, fault);
        if (rate is not null)
        {
            info.Environment["Rate"] = rate;
        }

        _process = Process.Start(info)!;
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Kills it, if it has not killed itself.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
            Deaths++;
        }
    }

    /// <summary>Stops it in its tracks for a while, if it runs.</summary>
    public async Task FreezeAsync(TimeSpan duration)
    {
        if (Runs)
        {
            await SignalAsync("-STOP");
            await Task.Delay(duration);
            await SignalAsync("-CONT");
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_lock)
        {
            if (line.Data is not null)
            {
                _output.Add(line.Data);
                _output.RemoveRange(0, Math.Max(0, _output.Count - 200));
            }
        }
    }

    private static ProcessStartInfo StartInfo(string service, IReadOnlyDictionary<string, string> settings, string? fault, params string[] more)
    {
        var info = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Assembly, service, .. more])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings)
        {
            info.Environment[name] = value;
        }

        if (fault is not null)
        {
            info.Environment["Fault"] = fault;
        }

        return info;
    }
}
