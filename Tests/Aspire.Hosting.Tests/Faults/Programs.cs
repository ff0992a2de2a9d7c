using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>Programs that cannot be run fail by themselves, with the reason in their log.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class Programs
{
    [Fact]
    public async Task A_file_that_may_not_be_executed_is_named()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["program"], "#!/bin/sh\n");
        File.SetUnixFileMode(folder["program"], UnixFileMode.UserRead);
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", folder["program"], folder.Path);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("worker", KnownResourceStates.FailedToStart);

        Assert.Contains(
            await running.ReadLogAsync(worker.Resource, lines => lines.Count > 0),
            line => line.IsError && line.Text.Contains($"{folder["program"]}: permission denied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_of_its_own_that_another_program_uses_fails_the_resource_and_names_the_owner()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(port: port, env: "PORT", isProxied: false);
        builder.AddExecutable("other", "/bin/sh", ".", "-c", "exec sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("worker", KnownResourceStates.FailedToStart);

        var line = Assert.Single(await running.ReadLogAsync(worker.Resource, lines => lines.Count > 0));
        Assert.Contains($"Port {port}", line.Text, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId})", line.Text, StringComparison.Ordinal);
        await running.WaitForAsync("other", KnownResourceStates.Running);
    }
}
