using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Trellis.Hosting.Processes.Tests;

public sealed class PostgresAsProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("installed")]
    [InlineData("npm")]
    public async Task Databases_are_there_before_what_waits_for_them_starts(string server)
    {
        var builder = RunningApp.Builder(_folder, ("Processes:Postgres:Server", server));
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        var database = postgres.AddDatabase("catalogdb", "Catalog data");
        builder.AddExecutable("dependent", "/bin/sh", "/", "-c", "sleep 600").WithReference(database).WaitFor(database);
        await using var app = RunningApp.Start(builder, postgres.Resource);

        await app.StateAsync("dependent", state => state.State?.Text == KnownResourceStates.Running);

        Assert.Equal("Catalog data", await ScalarAsync(database.Resource, "SELECT current_database()"));
        await app.HealthyAsync("catalogdb");
    }

    [Fact]
    public async Task Only_the_parameters_password_opens_the_server()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        await using var app = RunningApp.Start(builder, postgres.Resource);
        await app.HealthyAsync("postgres");

        var settings = new NpgsqlConnectionStringBuilder(await postgres.Resource.GetConnectionStringAsync()) { Database = "postgres", Pooling = false, Password = "guessed" };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.Equal("127.0.0.1", settings.Host);
    }

    [Fact]
    public async Task Keeps_its_data_from_run_to_run_even_when_the_password_changes()
    {
        Assert.Equal(1, await RunAsync("first", "CREATE TABLE kept AS SELECT 1 AS answer; SELECT answer FROM kept"));
        Assert.Equal(1, await RunAsync("second", "SELECT answer FROM kept"));

        async Task<object?> RunAsync(string password, string sql)
        {
            var builder = RunningApp.Builder(_folder, ("Parameters:postgres-password", password));
            var postgres = builder.AddPostgres("postgres").WithDataVolume().RunAsProcess();
            var database = postgres.AddDatabase("db");
            await using var app = RunningApp.Start(builder, postgres.Resource);
            await app.HealthyAsync("db");
            Assert.True(Directory.Exists(_folder["postgres/cluster"]));
            return await ScalarAsync(database.Resource, sql);
        }
    }

    [Fact]
    public async Task Stops_within_two_seconds_although_a_client_is_connected_and_leaves_no_process()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        var app = RunningApp.Start(builder, postgres.Resource);
        await using var connection = new NpgsqlConnection();
        var stop = new Stopwatch();
        try
        {
            await app.HealthyAsync("postgres");
            connection.ConnectionString = $"{await postgres.Resource.GetConnectionStringAsync()};Database=postgres;Pooling=false";
            await connection.OpenAsync();
        }
        finally
        {
            stop.Start();
            await app.DisposeAsync();
            stop.Stop();
        }

        Assert.Empty(SystemProcess.Of(_folder.Path));
        Assert.InRange(stop.Elapsed.TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task Shows_the_end_of_a_server_that_is_killed_as_its_own_with_exit_code_and_log()
    {
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        postgres.AddDatabase("catalogdb");
        await using var app = RunningApp.Start(builder, postgres.Resource);
        await app.HealthyAsync("catalogdb");

        var server = SystemProcess.Of(_folder.Path).Single(process => process.CommandLine.Contains("/postgres -D", StringComparison.Ordinal));
        Assert.NotEqual(0, server.UserId);
        SystemProcess.Signal(server.Id, "KILL");

        foreach (var resource in (string[])["postgres", "catalogdb"])
        {
            var state = await app.StateAsync(resource, state => KnownResourceStates.TerminalStates.Contains(state.State?.Text));
            Assert.Equal(128 + 9, state.ExitCode);
            Assert.NotNull(state.StopTimeStamp);
        }

        await app.LogsAsync("PostgreSQL was ended by signal 9.");
    }

    [Fact]
    public async Task Is_held_back_by_what_the_server_waits_for()
    {
        var builder = RunningApp.Builder(_folder);
        builder.Services.AddHealthChecks().AddCheck("open", () => File.Exists(_folder["open"]) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        var gate = builder.AddExecutable("gate", "/bin/sh", "/", "-c", "sleep 600").WithHealthCheck("open");
        var postgres = builder.AddPostgres("postgres").RunAsProcess().WaitFor(gate);
        await using var app = RunningApp.Start(builder, postgres.Resource);

        await app.StateAsync("postgres", state => state.State?.Text == KnownResourceStates.Waiting);
        Assert.False(Directory.Exists(_folder["postgres"]));
        await File.WriteAllTextAsync(_folder["open"], "");

        await app.HealthyAsync("postgres");
    }

    [Fact]
    public async Task Listens_where_the_author_says_and_keeps_its_data_there_too()
    {
        var port = FreePort.Next();
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess().WithImageTag("17").WithHostPort(port).WithDataBindMount(_folder["mine"]);
        await using var app = RunningApp.Start(builder, postgres.Resource);
        await app.HealthyAsync("postgres");

        Assert.Contains($"Port={port};", await postgres.Resource.GetConnectionStringAsync(), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["mine/cluster/PG_VERSION"]));
        var state = await app.StateAsync("postgres", _ => true);
        Assert.Equal($"tcp://127.0.0.1:{port}", Assert.Single(state.Urls).Url);
    }

    [Fact]
    public async Task Says_what_is_missing_in_its_log_and_state()
    {
        var builder = RunningApp.Builder(_folder, ("Processes:Postgres:BinPath", "/nowhere"));
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        await using var app = RunningApp.Start(builder, postgres.Resource);

        var state = await app.StateAsync("postgres", state => KnownResourceStates.TerminalStates.Contains(state.State?.Text));

        Assert.Equal(69, state.ExitCode);
        await app.LogsAsync("The setting Processes:Postgres:BinPath names /nowhere, where there is no PostgreSQL server");
    }

    [Fact]
    public async Task Says_that_the_data_is_of_another_version()
    {
        Directory.CreateDirectory(_folder["postgres/cluster"]);
        await File.WriteAllTextAsync(_folder["postgres/cluster/PG_VERSION"], "9\n");
        var builder = RunningApp.Builder(_folder);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        await using var app = RunningApp.Start(builder, postgres.Resource);

        await app.StateAsync("postgres", state => KnownResourceStates.TerminalStates.Contains(state.State?.Text));

        await app.LogsAsync("was made by PostgreSQL 9, but the server found");
    }

    [Fact]
    public void Published_it_stays_the_container_that_it_is()
    {
        var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", _folder["manifest.json"]]);
        var postgres = builder.AddPostgres("postgres").RunAsProcess();
        builder.AddRedis("cache").RunAsProcess();

        Assert.True(postgres.Resource.TryGetContainerImageName(out var image));
        Assert.Equal("docker.io/library/postgres:18.3", image);
        Assert.Empty(builder.Resources.OfType<ExecutableResource>());
    }

    private static async Task<object?> ScalarAsync(IResourceWithConnectionString resource, string sql)
    {
        await using var connection = new NpgsqlConnection($"{await resource.GetConnectionStringAsync()};Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own words.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
