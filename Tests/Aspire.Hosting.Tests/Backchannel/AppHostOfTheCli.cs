using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.Tests.Dcp;
using StreamJsonRpc;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary><see cref="SmallAppHost"/> as the CLI starts it: it is told on which socket to listen, and who to live as long as.</summary>
internal sealed class AppHostOfTheCli : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Process _cli = System.Diagnostics.Process.Start("sleep", ["600"]);

    private AppHostOfTheCli(string? socket, string[] arguments)
    {
        Socket = socket ?? Path.Combine(_home.Path, "cli.sock");
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(SmallAppHost).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _home.Path;
        start.Environment["ASPIRE_BACKCHANNEL_PATH"] = Socket;
        start.Environment["ASPIRE_CLI_PID"] = _cli.Id.ToString(CultureInfo.InvariantCulture);
        Process = System.Diagnostics.Process.Start(start)!;
    }

    public Process Process { get; }

    public string Socket { get; }

    public static AppHostOfTheCli Start(params string[] arguments) => new(socket: null, arguments);

    public static AppHostOfTheCli StartOn(string socket, params string[] arguments) => new(socket, arguments);

    public void KillCli() => _cli.Kill();

    /// <summary>Connects as the CLI does: again and again, until somebody listens.</summary>
    public async Task<JsonRpc> ConnectAsync()
    {
        var stream = await OpenAsync();
        var rpc = new JsonRpc(new HeaderDelimitedMessageHandler(stream, new SystemTextJsonFormatter()));
        rpc.StartListening();
        return rpc;
    }

    public async Task<NetworkStream> OpenAsync()
    {
        for (var deadline = DcpFixture.Deadline(60); ; await Task.Delay(20, deadline))
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), deadline);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
                Assert.False(Process.HasExited, "The AppHost ended before it listened.");
            }
        }
    }

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>Its exit code and all that it has written.</returns>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        var output = Process.StandardOutput.ReadToEndAsync(DcpFixture.Deadline(60));
        var errors = Process.StandardError.ReadToEndAsync(DcpFixture.Deadline(60));
        await Process.WaitForExitAsync(DcpFixture.Deadline(60));
        return (Process.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{Process.Id}"]);
            await Process.WaitForExitAsync(DcpFixture.Deadline(30));
        }

        _cli.Kill();
        _cli.Dispose();
        Process.Dispose();
        _home.Dispose();
    }
}
