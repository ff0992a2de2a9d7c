using System.Net;
using System.Net.Sockets;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>What the AppHost says when the gateway's port belongs to another program.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PortTests : IDisposable
{
    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_gateway_port_that_is_taken_is_named_and_nothing_is_left_running()
    {
        using var owner = new TcpListener(IPAddress.Loopback, 0);
        owner.Start();
        var port = ((IPEndPoint)owner.LocalEndpoint).Port;

        await using var run = AppHostProcess.Start(
            BuiltSystem.AppHost, _folder.Data, arguments: [$"--Gateway:Port={port}"], environment: _folder.Environment);
        await Eventually.TrueAsync(
            () =>
            {
                run.Family();
                return Task.FromResult(run.ExitCode is not null);
            },
            "The AppHost went on");
        await run.WaitForEndAsync(run.Elapsed, ShopRun.StopTimeout);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{port}", run.Output, StringComparison.Ordinal);
        Assert.Contains("gateway", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.Empty(_folder.EngineFolders());
    }
}
