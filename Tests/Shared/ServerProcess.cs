using System.Diagnostics;

namespace Trellis.Tests;

/// <summary>A server program of this machine, run for tests in a folder of its own that goes with it.</summary>
public abstract class ServerProcess : IAsyncDisposable
{
    private Process? _process;

    /// <summary>A port of 127.0.0.1 that was free.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The server's folder.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("trellis-test-").FullName;

    /// <summary>Kills the server as a crash would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Stops the server in its tracks: connections stay open, nothing answers.</summary>
    public Task FreezeAsync() => RunAsync("kill", "-STOP", _process!.Id.ToString());

    /// <summary>Lets a frozen server go on.</summary>
    public Task ThawAsync() => RunAsync("kill", "-CONT", _process!.Id.ToString());

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the program and waits until it answers.</summary>
    protected async Task LaunchAsync(Func<Task<bool>> answers, string program, params string[] arguments)
    {
        _process = Start(program, arguments);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAsync().GetAwaiter().GetResult();
        await Eventually.TrueAsync(
            () => _process.HasExited
                ? throw new InvalidOperationException($"{program} ended with code {_process.ExitCode}: {File.ReadAllText(LogFile)}")
                : answers(),
            $"{program} did not answer", seconds: 90);
    }

    /// <summary>Runs a program to its end; throws what it said if that was not 0.</summary>
    protected async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{File.ReadAllText(LogFile)}");
        }
    }

    private string LogFile => Path.Combine(Folder, "test.log");

    // The shell keeps the output in a file: an unread pipe would block a talkative server. exec: the process is the server itself.
    private Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Folder };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", LogFile, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
