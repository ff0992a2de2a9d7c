using Aspire.Hosting.Dcp;
using Aspire.Hosting.Tests.Dcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>Processes that stand still for a while, as under a debugger, and clocks that jump.</summary>
public sealed class Pauses
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(LongTests.Choose(8, 60));

    /// <summary>A service that answers HTTP requests.</summary>
    private const string Server = "require('http').createServer((_, answer) => answer.end('here')).listen(process.env.PORT, '127.0.0.1')";

    [Fact]
    public async Task After_a_pause_of_the_AppHost_everything_runs_on_and_it_catches_up()
    {
        await using var run = await FaultyRun.StartAsync("workers");
        var table = ProcessTable.Read();
        var workers = run.Process.Family().Where(pid => ProcessTable.CommandLine(pid).StartsWith("sleep 600", StringComparison.Ordinal)).ToArray();
        var second = workers.Single(pid => workers.All(other => !table.Descendants(other).Contains(pid)) && !table.Descendants(pid).Any());

        Kills.Signal("STOP", [run.Process.Id]);
        await Task.Delay(Pause);
        Assert.Equal(run.Process.Family().Count, run.Process.Survivors().Count);
        Kills.Signal("KILL", [second]);
        Kills.Signal("CONT", [run.Process.Id]);

        var told = await run.UntilAsync("Resource 'second' does not run any more");
        Assert.Contains("ended by a signal", told.Line, StringComparison.Ordinal);
        await run.EndAsync("TERM");
        Assert.Equal(0, run.Process.ExitCode);
    }

    [Fact]
    public async Task After_a_pause_of_the_engine_commands_work_again()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = AddServer(builder);
        await using var running = await RunningApplication.StartAsync(builder);
        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());
        var folder = ((DcpResourceEngine)running.Services.GetRequiredService<IResourceEngine>()).SessionFolder!;
        var engine = Directory.EnumerateDirectories("/proc")
            .Select(process => int.TryParse(Path.GetFileName(process), out var id) ? id : 0)
            .Where(id => id > 0 && ProcessTable.CommandLine(id).Contains(folder, StringComparison.Ordinal))
            .ToArray();

        Kills.Signal("STOP", engine);
        await Task.Delay(Pause);
        Kills.Signal("CONT", engine);

        Assert.True((await running.Commands.ExecuteCommandAsync(server.Resource, KnownResourceCommands.RestartCommand, DcpFixture.Deadline(60))).Success);
        await AssertAnswersAsync(server);
    }

    [Fact]
    public async Task A_service_that_stands_still_is_unhealthy_until_it_goes_on()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.Services.AddSingleton<TimeProvider>(new FastTime());
        AddServer(builder);
        await using var running = await RunningApplication.StartAsync(builder);
        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());
        var process = RunningApplication.PidOf(await running.WaitForAsync("server", KnownResourceStates.Running));

        Kills.Signal("STOP", [process]);
        await UntilAsync(HealthStatus.Unhealthy);
        Kills.Signal("CONT", [process]);
        await UntilAsync(HealthStatus.Healthy);

        Task UntilAsync(HealthStatus status) =>
            running.Notifications.WaitForResourceAsync("server", change => change.Snapshot.HealthStatus == status, DcpFixture.Deadline(60));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    public async Task A_clock_that_jumps_by_days_stops_nothing(int days)
    {
        var time = new JumpingTime();
        var builder = RunningApplication.CreateBuilder();
        builder.Services.AddSingleton<TimeProvider>(time);
        var server = AddServer(builder);
        await using var running = await RunningApplication.StartAsync(builder);
        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());

        time.Jump = TimeSpan.FromDays(days);
        Assert.True((await running.Commands.ExecuteCommandAsync(server.Resource, KnownResourceCommands.RestartCommand, DcpFixture.Deadline(60))).Success);

        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());
        await AssertAnswersAsync(server);
    }

    [Fact]
    public void The_engine_accepts_its_certificate_also_when_the_clock_was_wrong_by_months_at_the_start()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = DcpCertificate.Create(now);

        Assert.InRange(now.AddMonths(-6).UtcDateTime, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        Assert.InRange(now.AddMonths(6).UtcDateTime, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public async Task A_service_that_is_killed_shows_its_end_and_comes_back_on_the_same_address()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = AddServer(builder);
        await using var running = await RunningApplication.StartAsync(builder);
        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());
        await AssertAnswersAsync(server);

        Kills.Signal("KILL", [RunningApplication.PidOf(await running.WaitForAsync("server", KnownResourceStates.Running))]);

        var ended = (await running.Notifications.WaitForResourceAsync(
            "server", change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text), DcpFixture.Deadline())).Snapshot;
        Assert.Equal(-1, ended.ExitCode);
        Assert.NotNull(ended.StopTimeStamp);
        Assert.Null(ended.HealthStatus);
        Assert.All(ended.Urls, url => Assert.True(url.IsInactive));

        // The engine's proxy stands in for the address meanwhile: it takes a connection, and nobody answers.
        using var client = new HttpClient();
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new Uri(server.GetEndpoint("http").Url), DcpFixture.Deadline(1)));

        Assert.True((await running.Commands.ExecuteCommandAsync(server.Resource, KnownResourceCommands.StartCommand, DcpFixture.Deadline())).Success);
        await running.Notifications.WaitForResourceHealthyAsync("server", DcpFixture.Deadline());
        await AssertAnswersAsync(server);
    }

    private static IResourceBuilder<ExecutableResource> AddServer(IDistributedApplicationBuilder builder) =>
        builder.AddExecutable("server", "node", ".", "-e", Server).WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/");

    private static async Task AssertAnswersAsync(IResourceBuilder<ExecutableResource> server)
    {
        using var client = new HttpClient();
        var address = new Uri(server.GetEndpoint("http").Url);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return await client.GetStringAsync(address, DcpFixture.Deadline()) == "here";
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "The server did not answer");
    }

    /// <summary>Timers run twenty times as fast, so that a test need not wait for the pace at which health is watched.</summary>
    private sealed class FastTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.FromSeconds(1) ? dueTime / 20 : dueTime, period);
    }

    /// <summary>The wall clock with a jump; timers and time stamps go on, as the system's do.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;
    }
}
