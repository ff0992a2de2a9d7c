using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting.Tests.Dcp;
using StreamJsonRpc;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary><see cref="SmallAppHost"/> in a process and a home folder of its own, and the real CLI beside it.</summary>
public sealed class RunningAppHost : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private Process? _process;

    public string Home => _home.Path;

    public Process Process => _process!;

    public string SocketFolder => Path.Combine(Home, ".aspire", "cli", "bch");

    public IReadOnlyList<string> Sockets => Directory.Exists(SocketFolder) ? Directory.GetFiles(SocketFolder) : [];

    public static string ProjectPath { get; } = Path.Combine(
        new DistributedApplicationOptions { AssemblyName = typeof(SmallAppHost).Assembly.GetName().Name }.ProjectDirectory!,
        "Aspire.Hosting.Tests.csproj");

    public async Task InitializeAsync()
    {
        Start();
        await WaitForSocketAsync();
        Assert.Equal(0, (await CliAsync("wait", "talker", "--apphost", ProjectPath)).ExitCode);
        Assert.Equal(0, (await CliAsync("wait", "done", "--status", "down", "--apphost", ProjectPath)).ExitCode);
    }

    public void Start()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(SmallAppHost).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = Home;
        start.Environment.Remove(OwnBackchannelFolder.Variable);
        _process = Process.Start(start)!;
    }

    public Task WaitForSocketAsync() => DcpWaiting.UntilAsync(
        () => Sockets.Any(socket => socket.EndsWith($".{Process.Id}", StringComparison.Ordinal)), DcpFixture.Deadline());

    /// <summary>Runs the CLI to its end and returns what it wrote, without colours.</summary>
    public async Task<(int ExitCode, string Output)> CliAsync(params string[] arguments)
    {
        using var cli = StartCli(arguments);
        try
        {
            var output = cli.StandardOutput.ReadToEndAsync(DcpFixture.Deadline(30));
            var errors = cli.StandardError.ReadToEndAsync(DcpFixture.Deadline(30));
            await cli.WaitForExitAsync(DcpFixture.Deadline(30));
            return (cli.ExitCode, await output + await errors);
        }
        finally
        {
            cli.Kill(entireProcessTree: true);
        }
    }

    public Process StartCli(params string[] arguments)
    {
        // Beside the engine: <root>/bundle/dcp/dcp and <root>/bin/aspire.
        var dcp = Path.GetDirectoryName(DcpFixture.Options().CliPath)!;
        var start = new ProcessStartInfo(Path.GetFullPath(Path.Combine(dcp, "..", "..", "bin", "aspire")), [.. arguments, "--nologo", "--non-interactive"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
        };
        start.Environment["HOME"] = Home;
        start.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";
        start.Environment["NO_COLOR"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>A client as the CLI is one.</summary>
    internal async Task<JsonRpc> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Assert.Single(Sockets)), DcpFixture.Deadline());
        var formatter = new SystemTextJsonFormatter { JsonSerializerOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web) };
        var rpc = new JsonRpc(new HeaderDelimitedMessageHandler(new NetworkStream(socket, ownsSocket: true), formatter));
        rpc.StartListening();
        return rpc;
    }

    public async Task StopAsync(string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Process.Id}"]);
        await kill.WaitForExitAsync();
        await Process.WaitForExitAsync(DcpFixture.Deadline());
    }

    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }

        _process?.Dispose();
        _home.Dispose();
    }
}
