using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>PostgreSQL's faults as an AppHost on the real engine shows them, and goes on after them.</summary>
public sealed class PostgresFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_killed_while_a_client_writes_is_shown_as_ended_and_a_restart_brings_every_acknowledged_row_back()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        var database = postgres.AddDatabase("db");
        await using var app = RunningApp.Start(builder, postgres.Resource);
        await app.HealthyAsync("db");
        await using var writer = await RowWriter.StartAsync((await database.Resource.ConnectionStringExpression.GetValueAsync(default))!);

        SystemProcess.Signal(SystemProcess.Of(_folder.Path).Single(process => process.CommandLine.Contains("/postgres -D", StringComparison.Ordinal)).Id, "KILL");

        foreach (var resource in (string[])["postgres", "db"])
        {
            var ended = await app.StateAsync(resource, state => KnownResourceStates.TerminalStates.Contains(state.State?.Text) && state.ExitCode is not null);
            Assert.Equal(128 + 9, ended.ExitCode);
        }

        await Eventually.TrueAsync(() => SystemProcess.Of(_folder.Path).Length == 0, "no process is left", seconds: 5);
        Assert.True((await app.App.ResourceCommands.ExecuteCommandAsync(postgres.Resource, "start")).Success);
        await app.HealthyAsync("db");
        // Over the connections that it had.
        await writer.WritesAsync(20);
        await writer.AssertNothingIsLostAsync();
    }

    [Fact]
    public async Task A_server_whose_child_is_killed_recovers_by_itself_and_stays_running()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        var database = postgres.AddDatabase("db");
        await using var app = RunningApp.Start(builder, postgres.Resource);
        await app.HealthyAsync("db");
        var before = await app.StateAsync("postgres", state => state.State?.Text == KnownResourceStates.Running);
        var connectionString = (await database.Resource.ConnectionStringExpression.GetValueAsync(default))!;
        await using var writer = await RowWriter.StartAsync(connectionString);
        await using var victim = new NpgsqlConnection(connectionString + ";Pooling=false");
        await victim.OpenAsync();

        SystemProcess.Signal(victim.ProcessID, "KILL");

        await app.LogsAsync("all server processes terminated; reinitializing");
        await writer.WritesAsync(20);
        await writer.AssertNothingIsLostAsync();
        var after = await app.StateAsync("postgres", state => state.State?.Text == KnownResourceStates.Running && state.HealthStatus == HealthStatus.Healthy);
        Assert.Equal(before.StartTimeStamp, after.StartTimeStamp);
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_folder_says_which_one_has_it_and_leaves_that_alone()
    {
        var first = RunningApp.Builder(_folder);
        var owner = first.AddPostgres("postgres").RunAsProcess();
        await using var running = RunningApp.Start(first, owner.Resource);
        await running.HealthyAsync("postgres");
        var second = RunningApp.Builder(_folder);
        var late = second.AddPostgres("postgres").RunAsProcess();
        await using var refused = RunningApp.Start(second, late.Resource);

        var state = await refused.StateAsync("postgres", state => state.ExitCode is not null);

        Assert.Equal(66, state.ExitCode);
        await refused.LogsAsync(
            $"The data in {_folder["postgres"]} is in use by the AppHost in {first.AppHostDirectory} (process {Environment.ProcessId}). Stop it first");
        await running.HealthyAsync("postgres");
    }

    [Fact]
    public async Task Data_of_the_version_that_is_not_preferred_is_run_by_the_server_that_made_it()
    {
        foreach (var server in (string?[])["npm", null])
        {
            var builder = RunningApp.Builder(_folder, ("Processes:Postgres:Server", server));
            var postgres = builder.AddPostgres("postgres").RunAsProcess();
            await using var app = RunningApp.Start(builder, postgres.Resource);
            await app.HealthyAsync("postgres");
            Assert.StartsWith("18", (await File.ReadAllTextAsync(_folder["postgres/cluster/PG_VERSION"])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_creation_script_that_fails_is_named_in_one_line_with_its_reason_and_shows_as_the_databases_health()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        postgres.AddDatabase("broken").WithCreationScript("CREATE NONSENSE broken");
        postgres.AddDatabase("whole");
        await using var app = RunningApp.Start(builder, postgres.Resource);

        await app.HealthyAsync("whole");
        await app.StateAsync("broken", state => state.HealthStatus == HealthStatus.Unhealthy);

        var line = Assert.Single(app.Log.Split('\n'), line => line.Contains("'broken' could not be created", StringComparison.Ordinal));
        Assert.Contains("42601: syntax error", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Log, StringComparison.Ordinal);
    }
}
