using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trellis.Hosting.Processes.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_servers_commands_stop_start_and_restart_its_process_and_both_show_it()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        postgres.AddDatabase("db");
        await using var app = RunningApp.Start(builder, postgres.Resource);
        await app.HealthyAsync("db");

        Assert.Equal("start Hidden, stop Enabled, restart Enabled", CommandsOf(await app.StateAsync("postgres", Runs)));
        await RunAsync("stop");
        foreach (var name in new[] { "postgres-process", "postgres", "db" })
        {
            var stopped = await app.StateAsync(name, state => state.State?.Text == KnownResourceStates.Exited && state.ExitCode is not null);
            Assert.Null(stopped.HealthStatus);
        }

        Assert.Equal("start Enabled, stop Hidden, restart Disabled", CommandsOf(await app.StateAsync("postgres", state => !Runs(state))));
        Assert.False((await app.App.ResourceCommands.ExecuteCommandAsync(postgres.Resource, "stop")).Success);

        await RunAsync("start");
        await app.HealthyAsync("db");
        var first = await app.StateAsync("postgres", Runs);

        await RunAsync("restart");
        var second = await app.StateAsync("postgres", state => Runs(state) && state.StartTimeStamp != first.StartTimeStamp);
        Assert.True(second.StartTimeStamp > first.StartTimeStamp);
        await app.StateAsync("db", state => state.HealthStatus == HealthStatus.Healthy && state.StartTimeStamp == second.StartTimeStamp);

        async Task RunAsync(string command)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var result = await app.App.ResourceCommands.ExecuteCommandAsync(postgres.Resource, command, deadline.Token);
            Assert.True(result.Success, result.Message);
        }
    }

    private static bool Runs(CustomResourceSnapshot state) => state.State?.Text == KnownResourceStates.Running;

    private static string CommandsOf(CustomResourceSnapshot snapshot) => string.Join(", ", snapshot.Commands.Select(command => $"{command.Name} {command.State}"));
}
