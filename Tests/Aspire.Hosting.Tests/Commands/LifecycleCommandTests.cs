using Aspire.Hosting.Dcp;
using Aspire.Hosting.Tests.Dcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Commands;

public sealed class LifecycleCommandTests
{
    [Fact]
    public async Task An_executable_is_stopped_started_and_restarted_and_its_commands_and_its_log_follow()
    {
        var builder = RunningApplication.CreateBuilder();
        var starts = 0;
        var worker = builder.AddExecutable("worker", "/bin/sh", ".", "-c", "echo \"start $N\"; exec sleep 600")
            .WithEnvironment(context => context.EnvironmentVariables["N"] = (++starts).ToString());
        await using var running = await RunningApplication.StartAsync(builder);
        var first = await running.WaitForAsync("worker", KnownResourceStates.Running);
        Assert.Equal("start Hidden, stop Enabled, restart Enabled", CommandsOf(first));
        var states = new List<string>();
        var watching = CollectStatesAsync(running, "worker", states);

        var stopped = await running.Commands.ExecuteCommandAsync(worker.Resource, KnownResourceCommands.StopCommand, DcpFixture.Deadline());
        Assert.True(stopped.Success, stopped.Message);
        Assert.False(ProcessTree.IsRunning(RunningApplication.PidOf(first)));
        var exited = await running.WaitForAsync("worker", KnownResourceStates.Exited);
        await watching;
        Assert.Equal([KnownResourceStates.Running, KnownResourceStates.Stopping, KnownResourceStates.Exited], states);
        Assert.NotNull(exited.ExitCode);
        Assert.Equal("start Enabled, stop Hidden, restart Disabled", CommandsOf(exited));

        var started = await running.Commands.ExecuteCommandAsync(worker.Resource, KnownResourceCommands.StartCommand, DcpFixture.Deadline());
        Assert.True(started.Success, started.Message);
        var second = await running.WaitForAsync("worker", KnownResourceStates.Running);
        Assert.Null(second.ExitCode);

        var restarted = await running.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.RestartCommand, DcpFixture.Deadline());
        Assert.True(restarted.Success, restarted.Message);
        Assert.False(ProcessTree.IsRunning(RunningApplication.PidOf(second)));
        await running.WaitForAsync("worker", KnownResourceStates.Running);
        Assert.Equal(["start 1", "start 2", "start 3"], (await running.ReadLogAsync(worker.Resource, lines => lines.Count > 2)).Select(line => line.Text));
    }

    [Fact]
    public async Task A_stopped_resource_is_asked_for_its_health_again_only_when_it_runs_again_and_who_waits_for_it_follows()
    {
        var checks = 0;
        var builder = RunningApplication.CreateBuilder();
        builder.Services.AddHealthChecks().AddCheck("counted", () =>
        {
            Interlocked.Increment(ref checks);
            return HealthCheckResult.Healthy();
        });
        builder.Services.PostConfigure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable);
        var server = builder.AddExecutable("server", "/bin/sleep", ".", "600").WithHealthCheck("counted");
        var client = builder.AddExecutable("client", "/bin/sleep", ".", "600").WaitFor(server);
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("client", KnownResourceStates.Running);

        Assert.True((await running.Commands.ExecuteCommandAsync(server.Resource, "stop", DcpFixture.Deadline())).Success);
        var unknown = await running.Notifications.WaitForResourceAsync(
            "server", change => change.Snapshot.State?.Text == KnownResourceStates.Exited && change.Snapshot.HealthReports is [{ Status: null }], DcpFixture.Deadline());
        Assert.Null(unknown.Snapshot.HealthStatus);
        var checksWhenStopped = Volatile.Read(ref checks);

        // The client starts only when the server is healthy again.
        Assert.True((await running.Commands.ExecuteCommandAsync(client.Resource, "stop", DcpFixture.Deadline())).Success);
        var startOfClient = running.Commands.ExecuteCommandAsync(client.Resource, "start", DcpFixture.Deadline());
        await running.WaitForAsync("client", KnownResourceStates.Waiting);
        Assert.Equal(checksWhenStopped, Volatile.Read(ref checks));
        Assert.True((await running.Commands.ExecuteCommandAsync(server.Resource, "start", DcpFixture.Deadline())).Success);
        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());
        Assert.True((await startOfClient).Success);
        await running.WaitForAsync("client", KnownResourceStates.Running);
        Assert.True(Volatile.Read(ref checks) > checksWhenStopped);
    }

    [Fact]
    public async Task A_start_that_cannot_be_says_why_and_can_be_tried_again()
    {
        var builder = RunningApplication.CreateBuilder();
        var broken = true;
        var worker = builder.AddExecutable("worker", "/bin/sleep", ".", "600")
            .WithEnvironment(context => context.EnvironmentVariables["A"] = broken ? throw new DistributedApplicationException("no value today") : "1");
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("worker", KnownResourceStates.FailedToStart);

        var failed = await running.Commands.ExecuteCommandAsync(worker.Resource, "start", DcpFixture.Deadline());
        Assert.False(failed.Success);
        Assert.Contains("no value today", failed.Message, StringComparison.Ordinal);

        broken = false;
        Assert.True((await running.Commands.ExecuteCommandAsync(worker.Resource, "start", DcpFixture.Deadline())).Success);
        await running.WaitForAsync("worker", KnownResourceStates.Running);
    }

    private static string CommandsOf(CustomResourceSnapshot snapshot) => string.Join(", ", snapshot.Commands.Select(command => $"{command.Name} {command.State}"));

    private static async Task CollectStatesAsync(RunningApplication running, string resource, List<string> states)
    {
        await foreach (var change in running.Notifications.WatchAsync(DcpFixture.Deadline()))
        {
            if (change.Resource.Name == resource && change.Snapshot.State is { } state && states.LastOrDefault() != state.Text)
            {
                states.Add(state.Text);
                if (state.Text == KnownResourceStates.Exited)
                {
                    return;
                }
            }
        }
    }
}
