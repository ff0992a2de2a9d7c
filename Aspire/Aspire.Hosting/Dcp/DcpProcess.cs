using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// One running DCP: it watches this process and ends, with everything it started, when this process is gone. Its files are in a folder of
/// its own that nobody else can read.
/// </summary>
internal sealed class DcpProcess : IAsyncDisposable
{
    // They would configure every .NET service that DCP starts as if it were the AppHost.
    private static readonly string[] NotPassedOn =
        ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"];

    /// <summary>Inherited by everything that this DCP starts, which is recognized by it when its parents are gone.</summary>
    private const string Mark = "TRELLIS_DCP_SESSION";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan ExitPollInterval = TimeSpan.FromMilliseconds(500);

    private readonly DcpOptions _options;
    private readonly X509Certificate2 _certificate;
    private DcpClient? _client;
    private IReadOnlyList<int> _helpers = [];
    private bool _stopped;

    private DcpProcess(DcpOptions options, string sessionFolder)
    {
        _options = options;
        SessionFolder = sessionFolder;
        _certificate = DcpCertificate.Create(TimeProvider.System.GetUtcNow());
    }

    /// <summary>The folder with this run's kubeconfig, certificate and logs; DCP deletes it when it ends.</summary>
    public string SessionFolder { get; }

    public DcpClient Client => _client ?? throw new InvalidOperationException("DCP has not been started.");

    private string KubeconfigPath => Path.Combine(SessionFolder, "kubeconfig");

    /// <summary>Starts DCP and returns when its API answers.</summary>
    /// <exception cref="DcpException">The program is missing, or it ended or did not answer in time; the message says what it wrote.</exception>
    public static async Task<DcpProcess> StartAsync(DcpOptions options, CancellationToken cancellationToken)
    {
        if (options.CliPath is not { Length: > 0 } path || !File.Exists(path))
        {
            throw new DcpException(
                $"The Aspire engine (DCP) was not found at '{options.CliPath}'. Set ASPIRE_DCP_PATH to the folder that holds the program 'dcp'.");
        }

        var dcp = new DcpProcess(options, Directory.CreateTempSubdirectory("aspire-dcp-").FullName);
        try
        {
            await dcp.StartAsync(path, cancellationToken);
            return dcp;
        }
        catch
        {
            dcp.KillDcp();
            throw;
        }
    }

    /// <summary>Ends when DCP has ended, by itself or because it was killed.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        // Looked for anew when all known ones are gone: at the start one of them may be the launcher, which ends soon.
        var processes = FindOwnProcesses();
        while (processes.Any(ProcessTree.IsRunning) || (processes = FindOwnProcesses()).Count > 0)
        {
            await Task.Delay(ExitPollInterval, cancellationToken);
        }
    }

    /// <summary>
    /// Ends everything that DCP started and DCP itself. What is still there after <see cref="DcpOptions.StopTimeout"/> is killed.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(_options.StopTimeout);
        IReadOnlyList<int> processes = [];

        // For every process that DCP starts it starts one that watches it; found while they still descend from it.
        _helpers = [.. FindOwnProcesses().SelectMany(ProcessTree.Descendants)];
        try
        {
            processes = await FindStartedProcessesAsync(bound.Token);
            var end = EndAsync(bound.Token);
            var gone = WaitUntilAsync(() => !processes.Any(ProcessTree.IsRunning), bound.Token);
            if (await Task.WhenAny(gone, Task.Delay(_options.ProcessStopGrace, bound.Token)) != gone)
            {
                ProcessTree.Kill(processes);
                await gone;
            }

            // Nothing that it started runs any more, so it need not be waited for longer than is polite: where the first process of the
            // system does not bury orphans, DCP waits many seconds for the dead.
            await end.WaitAsync(_options.CleanUpTimeout, bound.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or DcpException or TimeoutException)
        {
            // It does not answer any more, or not in time.
            ProcessTree.Kill(processes);
        }
        finally
        {
            KillDcp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await StopAsync(CancellationToken.None);
        }

        _client?.Dispose();
        _certificate.Dispose();
    }

    private async Task StartAsync(string path, CancellationToken cancellationToken)
    {
        var certificateFile = Path.Combine(SessionFolder, "certificate.pem");
        var keyFile = Path.Combine(SessionFolder, "key.pem");
        using (var key = _certificate.GetECDsaPrivateKey()!)
        {
            await File.WriteAllTextAsync(certificateFile, _certificate.ExportCertificatePem(), cancellationToken);
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), cancellationToken);
        }

        var start = new ProcessStartInfo(path)
        {
            ArgumentList =
            {
                "start-apiserver", "--monitor", _options.MonitoredProcessId.ToString(), "--detach", "--kubeconfig", KubeconfigPath,
                "--tls-cert-file", certificateFile, "--tls-key-file", keyFile,
            },
            WorkingDirectory = SessionFolder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in NotPassedOn)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in _options.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["DCP_SESSION_FOLDER"] = SessionFolder;
        start.Environment[Mark] = SessionFolder;

        using var launcher = Launch(start);
        launcher.StandardInput.Close();
        var output = new LauncherOutput(launcher);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(_options.StartTimeout);
        try
        {
            await launcher.WaitForExitAsync(bound.Token);
            if (launcher.ExitCode != 0)
            {
                throw new DcpException($"The Aspire engine '{path}' ended with exit code {launcher.ExitCode}.{await output.ReadAsync()}");
            }

            _client = new DcpClient(await ReadConnectionAsync(bound.Token));
            await WaitUntilItAnswersAsync(_client, bound.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DcpException(
                $"The Aspire engine '{path}' did not answer within {_options.StartTimeout.TotalSeconds:0.#} s.{await output.ReadAsync()}", exception);
        }
        finally
        {
            if (!launcher.HasExited)
            {
                launcher.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DcpException(
                $"The Aspire engine '{start.FileName}' cannot be run: {exception.Message}. It comes from ASPIRE_DCP_PATH or from the tools that the build restores.",
                exception);
        }
    }

    private async Task<DcpConnection> ReadConnectionAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (File.Exists(KubeconfigPath)
                && DcpConnection.TryParse(await File.ReadAllTextAsync(KubeconfigPath, cancellationToken), _certificate, out var connection))
            {
                return connection;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static async Task WaitUntilItAnswersAsync(DcpClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await client.ListAsync<DcpExecutable>(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or DcpException)
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        await Client.SetExecutionStatusAsync("CleaningResources", cancellationToken);
        while (await Client.GetExecutionStatusAsync(cancellationToken) == "CleaningResources")
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        await Client.SetExecutionStatusAsync("Stopping", cancellationToken);
        await WaitUntilAsync(() => !Directory.Exists(SessionFolder) && FindOwnProcesses().Count == 0, cancellationToken);
    }

    private static async Task WaitUntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    // The running executables with all their children, while the tree is still whole.
    private async Task<IReadOnlyList<int>> FindStartedProcessesAsync(CancellationToken cancellationToken)
    {
        var executables = await Client.ListAsync<DcpExecutable>(cancellationToken);
        return
        [
            .. executables
                .Where(executable => executable.Status is { Pid: not null } status && !DcpExecutableState.IsFinal(status.State))
                .SelectMany(executable => ProcessTree.Descendants((int)executable.Status!.Pid!.Value)),
        ];
    }

    // DCP is two processes, detached from us; both name the kubeconfig in their arguments, and only they know its random folder.
    private List<int> FindOwnProcesses()
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ProcessTree.CommandLine(id).Contains(KubeconfigPath, StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private void KillDcp()
    {
        ProcessTree.Kill(FindOwnProcesses());
        ProcessTree.Kill(_helpers);

        // A program that was only just started when the end came may have started others that nobody has seen.
        ProcessTree.Kill(ProcessTree.WithVariable(Mark, SessionFolder));

        try
        {
            Directory.Delete(SessionFolder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // DCP was faster.
        }
        catch (IOException)
        {
            // A process just killed may still hold a file; the folder is in the temporary folder and private.
        }
    }

    /// <summary>What the launcher writes; not to be read to its end, since what it started may keep the pipes open.</summary>
    private sealed class LauncherOutput
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

        private readonly StringBuilder _text = new();
        private readonly Task _ended;

        public LauncherOutput(Process launcher) => _ended = Task.WhenAll(CopyAsync(launcher.StandardOutput), CopyAsync(launcher.StandardError));

        public async Task<string> ReadAsync()
        {
            await Task.WhenAny(_ended, Task.Delay(Patience));
            lock (_text)
            {
                var text = _text.ToString().Trim();
                return text.Length == 0 ? " It wrote nothing." : $" It wrote:{Environment.NewLine}{text}";
            }
        }

        private async Task CopyAsync(StreamReader reader)
        {
            try
            {
                while (await reader.ReadLineAsync() is { } line)
                {
                    lock (_text)
                    {
                        _text.AppendLine(line);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The launcher is gone.
            }
        }
    }
}
