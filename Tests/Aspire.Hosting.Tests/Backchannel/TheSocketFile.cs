using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>From the start of an AppHost to its end, whichever that is.</summary>
public sealed class TheSocketFile : IAsyncLifetime
{
    private readonly RunningAppHost _appHost = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _appHost.DisposeAsync();

    [Fact]
    public async Task Is_for_its_user_alone_and_gone_when_the_CLI_has_stopped_the_AppHost()
    {
        await _appHost.InitializeAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_appHost.SocketFolder));
        }

        var (exitCode, output) = await _appHost.CliAsync("stop", "--apphost", RunningAppHost.ProjectPath);

        Assert.True(exitCode == 0, output);
        await _appHost.Process.WaitForExitAsync(DcpFixture.Deadline());
        Assert.Equal(0, _appHost.Process.ExitCode);
        Assert.Empty(_appHost.Sockets);
    }

    [Fact]
    public async Task Of_an_AppHost_that_was_killed_is_deleted_by_the_next_one()
    {
        _appHost.Start();
        await _appHost.WaitForSocketAsync();
        var stale = Assert.Single(_appHost.Sockets);
        await _appHost.StopAsync("KILL");
        Assert.True(File.Exists(stale));

        _appHost.Start();
        await _appHost.WaitForSocketAsync();

        Assert.DoesNotContain(stale, _appHost.Sockets);
    }

    [Fact]
    public async Task Is_not_missed_where_its_folder_cannot_be_made()
    {
        await File.WriteAllTextAsync(Path.Combine(_appHost.Home, ".aspire"), "In the way.");
        _appHost.Start();
        while (await _appHost.Process.StandardOutput.ReadLineAsync(DcpFixture.Deadline()) is { } line
            && !line.Contains("Distributed application started", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("fail:", line, StringComparison.Ordinal);
        }

        await _appHost.StopAsync();

        Assert.Equal(0, _appHost.Process.ExitCode);
    }
}
