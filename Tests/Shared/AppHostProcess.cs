using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Trellis.Tests;

/// <summary>
/// The built AppHost as a process of its own, as a developer runs it: with dashboard, on ports chosen by the system, with a data folder of its own.
/// Disposing it ends every process that came from it.
/// </summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    private const string Mark = "TRELLIS_TEST_RUN";

    private readonly Process _process;
    private readonly string _mark;
    private readonly HashSet<int> _family = [];
    private readonly Lock _outputLock = new();
    private readonly List<(TimeSpan At, string Line)> _output = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private AppHostProcess(Process process, int gatewayPort, int dashboardPort)
    {
        _process = process;
        _mark = process.StartInfo.Environment[Mark]!;
        GatewayUrl = new Uri($"http://localhost:{gatewayPort}");
        DashboardUrl = new Uri($"http://localhost:{dashboardPort}");
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
    }

    public Uri GatewayUrl { get; }

    public Uri DashboardUrl { get; }

    public int Id => _process.Id;

    public TimeSpan Elapsed => _clock.Elapsed;

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public string Output
    {
        get
        {
            lock (_outputLock)
            {
                return string.Join('\n', _output.Select(o => o.Line));
            }
        }
    }

    /// <summary>Starts an AppHost.</summary>
    /// <param name="appHost">The path of its executable.</param>
    /// <param name="dataRoot">Where PostgreSQL and its like keep their data.</param>
    /// <param name="launcher">A command that starts the AppHost in its own way, such as setpriv or script; empty for none.</param>
    /// <param name="arguments">Further settings for the AppHost.</param>
    /// <param name="environment">Environment variables to set, or with null to remove.</param>
    public static AppHostProcess Start(
        string appHost,
        string dataRoot,
        IReadOnlyList<string>? launcher = null,
        IReadOnlyList<string>? arguments = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var (gateway, dashboard) = (FreePort.Next(), FreePort.Next());
        string[] command =
        [
            .. launcher ?? [],
            appHost,
            $"--Processes:DataRoot={dataRoot}",
            $"--Gateway:Port={gateway}",
            $"--ASPNETCORE_URLS=http://localhost:{dashboard}",
            "--Parameters:postgres-password=Prepared0Password",
            "--Parameters:cache-password=Prepared0Password",
            .. arguments ?? [],
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_ENVIRONMENT"] = "Development", [Mark] = Guid.NewGuid().ToString("N") },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var run = new AppHostProcess(new Process { StartInfo = start }, gateway, dashboard);
        run._process.Start();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Writes to the AppHost's terminal.</summary>
    public async Task TypeAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line of the AppHost's output.</summary>
    /// <returns>When it came, and the line.</returns>
    public async Task<(TimeSpan At, string Line)> WaitForLineAsync(string pattern, TimeSpan timeout)
    {
        var found = default((TimeSpan At, string Line));
        await UntilAsync(
            () =>
            {
                lock (_outputLock)
                {
                    found = _output.FirstOrDefault(o => Regex.IsMatch(o.Line, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
                }

                return Task.FromResult(found.Line is not null);
            },
            timeout,
            $"a line like '{pattern}'",
            whileRunning: true);
        return found;
    }

    /// <summary>Waits until a URL answers 200.</summary>
    /// <returns>When it did, from the start of the process.</returns>
    public async Task<TimeSpan> WaitForAnswerAsync(Uri url, TimeSpan timeout)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await UntilAsync(
            async () =>
            {
                try
                {
                    using var response = await client.GetAsync(url);
                    return response.StatusCode == HttpStatusCode.OK;
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            timeout,
            $"an answer from {url}",
            whileRunning: true);
        return Elapsed;
    }

    /// <summary>
    /// All processes that came from the AppHost so far, itself included; those that were seen once stay in the list. The engine leaves the AppHost's
    /// process tree, but takes its environment along; servers that write over their environment stay in the engine's tree.
    /// </summary>
    public IReadOnlyCollection<int> Family()
    {
        var table = ProcessTable.Read();
        foreach (var marked in table.WithVariable(Mark, _mark).Append(_process.Id).ToArray())
        {
            _family.Add(marked);
            _family.UnionWith(table.Descendants(marked));
        }

        _family.RemoveWhere(IsOfPodman);
        return _family;
    }

    // The engine asks Podman whether it is there. Asked by an ordinary user, Podman leaves a process that keeps the user's namespaces, until the user logs out.
    private static bool IsOfPodman(int pid) => ProcessTable.CommandLine(pid).StartsWith("catatonit -P", StringComparison.Ordinal);

    /// <summary>Those of the family that still run.</summary>
    public IReadOnlyCollection<int> Survivors()
    {
        var table = ProcessTable.Read();
        return [.. _family.Where(table.Runs)];
    }

    /// <summary>Sends a signal to the AppHost and waits until the whole family has ended.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> EndAsync(string signal, TimeSpan timeout)
    {
        Family();
        var from = Elapsed;
        Signal(signal, _process.Id);
        return await WaitForEndAsync(from, timeout);
    }

    /// <summary>Waits until the whole family has ended.</summary>
    public async Task<TimeSpan> WaitForEndAsync(TimeSpan from, TimeSpan timeout)
    {
        await UntilAsync(() => Task.FromResult(Survivors().Count == 0), timeout, "the end of every process");
        var took = Elapsed - from;

        // Gone from the table of processes is not yet known to be gone here, and only then is there an exit code.
        await _process.WaitForExitAsync();
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        Family();
        if (!_process.HasExited)
        {
            Signal("TERM", _process.Id);
        }

        var deadline = Elapsed + TimeSpan.FromSeconds(15);
        while (Survivors().Count > 0 && Elapsed < deadline)
        {
            await Task.Delay(50);
        }

        foreach (var survivor in Survivors())
        {
            Signal("KILL", survivor);
        }

        _process.Dispose();
    }

    private static void Signal(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (_outputLock)
            {
                _output.Add((_clock.Elapsed, line));
            }
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, string what, bool whileRunning = false)
    {
        for (var deadline = Elapsed + timeout; !await condition(); await Task.Delay(10))
        {
            if (whileRunning && _process.HasExited)
            {
                throw new InvalidOperationException($"The AppHost ended with {_process.ExitCode} before there was {what}. It said:\n{Output}");
            }

            if (Elapsed > deadline)
            {
                var left = string.Join('\n', Family().Where(ProcessTable.Read().Runs).Select(pid => $"{pid} {ProcessTable.CommandLine(pid)}"));
                throw new TimeoutException($"Waited {timeout.TotalSeconds} s for {what}. The AppHost said:\n{Output}\nStill running:\n{left}");
            }
        }
    }
}
