using System.Diagnostics;
using Aspire.Hosting.Dcp;
using static Aspire.Hosting.Tests.Dcp.DcpFixture;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>DCP's life: how it starts, what it says when it cannot, and that nothing is left of it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DcpProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dcp-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Its_folder_is_private()
    {
        await using var dcp = await DcpProcess.StartAsync(Options(), Deadline());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(dcp.SessionFolder));
    }

    [Fact]
    public async Task A_clean_shutdown_leaves_no_process_and_no_folder()
    {
        await using var dcp = await DcpProcess.StartAsync(Options(), Deadline());
        var running = await dcp.Client.RunAsync(Shell("sleep 60 & sleep 60"), DcpExecutableState.Running, Deadline());
        var processes = ProcessTree.Descendants((int)running.Status!.Pid!.Value);
        var clock = Stopwatch.StartNew();

        await dcp.StopAsync(Deadline());

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"It took {clock.Elapsed}.");
        Assert.False(Directory.Exists(dcp.SessionFolder));
        Assert.DoesNotContain(processes, ProcessTree.IsRunning);
        Assert.Empty(ProcessesNaming(dcp.SessionFolder));
    }

    [Fact]
    public async Task A_process_that_ignores_SIGTERM_is_killed_with_its_children_after_the_grace_time()
    {
        var options = Options();
        options.ProcessStopGrace = TimeSpan.FromMilliseconds(300);
        await using var dcp = await DcpProcess.StartAsync(options, Deadline());
        var stubborn = await dcp.Client.RunAsync(
            Shell("trap '' TERM; sh -c 'trap \"\" TERM; echo child; while :; do sleep 1; done' & wait"), DcpExecutableState.Running, Deadline());
        await foreach (var _ in dcp.Client.ReadLogAsync(stubborn.Metadata.Name, DcpLogSource.StandardOutput, follow: true, Deadline()))
        {
            break;
        }

        var processes = ProcessTree.Descendants((int)stubborn.Status!.Pid!.Value);
        var clock = Stopwatch.StartNew();

        await dcp.StopAsync(Deadline());

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"It took {clock.Elapsed}.");
        Assert.True(processes.Count >= 2);
        Assert.DoesNotContain(processes, ProcessTree.IsRunning);
    }

    [Fact]
    public async Task When_it_hangs_it_is_killed_with_what_it_started()
    {
        var options = Options();
        options.StopTimeout = TimeSpan.FromSeconds(1);
        await using var dcp = await DcpProcess.StartAsync(options, Deadline());
        var running = await dcp.Client.RunAsync(Shell("exec sleep 60"), DcpExecutableState.Running, Deadline());
        foreach (var id in ProcessesNaming(dcp.SessionFolder))
        {
            using var stop = Process.Start("kill", ["-STOP", id.ToString()]);
            await stop.WaitForExitAsync(Deadline());
        }

        await dcp.StopAsync(Deadline());

        // A process that was stopped takes a moment to die of the signal.
        await DcpWaiting.UntilAsync(() => ProcessesNaming(dcp.SessionFolder).Count == 0, Deadline(5));
        Assert.False(Directory.Exists(dcp.SessionFolder));
        await DcpWaiting.UntilAsync(() => !ProcessTree.IsRunning((int)running.Status!.Pid!.Value), Deadline());
    }

    [Fact]
    public async Task When_the_monitored_process_is_killed_everything_ends()
    {
        using var monitored = Process.Start("sleep", "60");
        var options = Options();
        options.MonitoredProcessId = monitored.Id;
        await using var dcp = await DcpProcess.StartAsync(options, Deadline());
        var running = await dcp.Client.RunAsync(Shell("exec sleep 60"), DcpExecutableState.Running, Deadline());

        monitored.Kill();

        await DcpWaiting.UntilAsync(() => !ProcessTree.IsRunning((int)running.Status!.Pid!.Value), Deadline(5));
        await DcpWaiting.UntilAsync(() => ProcessesNaming(dcp.SessionFolder).Count == 0, Deadline(5));
        await DcpWaiting.UntilAsync(() => !Directory.Exists(dcp.SessionFolder), Deadline(5));
    }

    [Fact]
    public async Task A_watch_goes_on_when_the_server_ends_it_and_tells_what_vanished_meanwhile()
    {
        var options = Options();
        options.Environment["DCP_RESOURCE_WATCH_TIMEOUT_SECONDS"] = "1";
        await using var dcp = await DcpProcess.StartAsync(options, Deadline());
        var first = Shell("exec sleep 60", "first");
        var second = Shell("exec sleep 60", "second");
        await dcp.Client.RunAsync(first, DcpExecutableState.Running, Deadline());
        var seen = new List<(string Name, string? State, bool IsDeleted)>();
        using var end = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            await foreach (var change in dcp.Client.WatchAsync<DcpExecutable>(end.Token))
            {
                lock (seen)
                {
                    seen.Add((change.Object.Metadata.Name, change.Object.Status?.State, change.IsDeleted));
                }
            }
        });

        // Longer than any single watch lives: the changes below are seen by a later one.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await dcp.Client.CreateAsync(second, Deadline());
        await DcpWaiting.UntilAsync(() => Has(second, running => running is { State: DcpExecutableState.Running, IsDeleted: false }), Deadline());
        Assert.Equal(1, seen.Count(change => change.Name == first.Metadata.Name));
        await dcp.Client.DeleteAsync<DcpExecutable>(first.Metadata.Name, Deadline());
        await DcpWaiting.UntilAsync(() => Has(first, gone => gone.IsDeleted), Deadline());

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);

        bool Has(DcpExecutable executable, Func<(string Name, string? State, bool IsDeleted), bool> condition)
        {
            lock (seen)
            {
                return seen.Any(change => change.Name == executable.Metadata.Name && condition(change));
            }
        }
    }

    [Fact]
    public async Task What_would_configure_a_service_as_the_AppHost_is_not_passed_on()
    {
        Environment.SetEnvironmentVariable("DOTNET_LAUNCH_PROFILE", "apphost");
        try
        {
            await using var dcp = await DcpProcess.StartAsync(Options(), Deadline());

            var running = await dcp.Client.RunAsync(Shell("exec sleep 60"), DcpExecutableState.Running, Deadline());

            Assert.DoesNotContain(running.Status!.EffectiveEnv!, variable => variable.Name == "DOTNET_LAUNCH_PROFILE");
            Assert.Contains(running.Status.EffectiveEnv!, variable => variable.Name == "PATH");
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOTNET_LAUNCH_PROFILE", null);
        }
    }

    [Fact]
    public async Task A_missing_program_is_named_with_the_setting_that_points_to_it()
    {
        var options = new DcpOptions { CliPath = DcpLocation.Find(_folder, appHost: null) };

        var failure = await Assert.ThrowsAsync<DcpException>(() => DcpProcess.StartAsync(options, Deadline()));

        Assert.Contains(Path.Combine(_folder, "dcp"), failure.Message, StringComparison.Ordinal);
        Assert.Contains("ASPIRE_DCP_PATH", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'out of ports' >&2; exit 3", "exit code 3", "out of ports")]
    [InlineData("echo 'nothing to do'; exit 0", "did not answer", "nothing to do")]
    [InlineData("echo 'thinking'; sleep 60", "did not answer", "thinking")]
    public async Task A_program_that_does_not_come_up_is_reported_with_its_output(string script, string reason, string output)
    {
        var program = Path.Combine(_folder, "dcp");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var options = new DcpOptions { CliPath = program, StartTimeout = TimeSpan.FromSeconds(1) };

        var failure = await Assert.ThrowsAsync<DcpException>(() => DcpProcess.StartAsync(options, Deadline()));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains(output, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_may_not_be_run_is_reported_by_its_path()
    {
        var program = Path.Combine(_folder, "dcp");
        await File.WriteAllTextAsync(program, "not a program");

        var failure = await Assert.ThrowsAsync<DcpException>(() => DcpProcess.StartAsync(new DcpOptions { CliPath = program }, Deadline()));

        Assert.Contains(program, failure.Message, StringComparison.Ordinal);
    }

    private static List<int> ProcessesNaming(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && ProcessTree.CommandLine(id).Contains(text, StringComparison.Ordinal))];
}
