using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>The commands of the real CLI of the pinned version on a running AppHost.</summary>
public sealed class TheAspireCli(RunningAppHost appHost) : IClassFixture<RunningAppHost>
{
    [Fact]
    public async Task Ps_lists_the_AppHost_with_project_and_process()
    {
        var (exitCode, output) = await appHost.CliAsync("ps", "--format", "json");

        Assert.Equal(0, exitCode);
        Assert.Contains($"\"appHostPath\": \"{RunningAppHost.ProjectPath}\"", output, StringComparison.Ordinal);
        Assert.Contains($"\"appHostPid\": {appHost.Process.Id}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_shows_each_resource_with_its_state_and_no_secret()
    {
        var (exitCode, output) = await CliAsync("describe");

        Assert.Equal(0, exitCode);
        Assert.Matches("talker.+Executable.+Running.+Healthy", output);
        Assert.Matches("sick.+Executable.+Running.+Unhealthy.+http://", output);
        Assert.Matches("done.+Executable.+Finished", output);

        var (_, json) = await CliAsync("describe", "--format", "json");
        Assert.Contains("\"PASSWORD\": null", json, StringComparison.Ordinal);
        Assert.DoesNotContain(SmallAppHost.Secret, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_prints_the_lines_of_all_or_of_one()
    {
        var all = await CliAsync("logs");
        Assert.Equal(0, all.ExitCode);
        Assert.Contains("[talker] first line", all.Output, StringComparison.Ordinal);
        Assert.Contains("[talker] second line", all.Output, StringComparison.Ordinal);
        Assert.Contains("[done] over", all.Output, StringComparison.Ordinal);

        var one = await CliAsync("logs", "done");
        Assert.Equal(0, one.ExitCode);
        Assert.Contains("over", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("talker", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_that_follow_stay_until_the_reader_leaves()
    {
        using var cli = appHost.StartCli("logs", "talker", "-f", "--apphost", RunningAppHost.ProjectPath);
        try
        {
            var lines = new HashSet<string>(StringComparer.Ordinal);
            while (lines.Count(line => line.EndsWith(" line", StringComparison.Ordinal)) < 2)
            {
                lines.Add((await cli.StandardOutput.ReadLineAsync(DcpFixture.Deadline()))!);
            }

            Assert.False(cli.HasExited);
        }
        finally
        {
            cli.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Wait_succeeds_when_healthy_and_fails_in_time_when_not()
    {
        Assert.Equal(0, (await CliAsync("wait", "talker")).ExitCode);

        var sick = await CliAsync("wait", "sick", "--timeout", "1");
        Assert.NotEqual(0, sick.ExitCode);
        Assert.Contains("Timed out waiting for resource 'sick'", sick.Output, StringComparison.Ordinal);

        var unknown = await CliAsync("wait", "nobody");
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("'nobody' was not found", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_runs_a_command_of_a_resource()
    {
        Assert.Equal(0, (await CliAsync("resource", "done", "start")).ExitCode);

        // It ends by itself, as it did the first time.
        Assert.Equal(0, (await CliAsync("wait", "done", "--status", "down")).ExitCode);

        var count = await CliAsync("resource", "done", "count");
        Assert.Equal(0, count.ExitCode);
        Assert.Contains("forty-two", count.Output, StringComparison.Ordinal);

        var unknown = await CliAsync("resource", "done", "sing");
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("sing", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_passes_arguments_to_a_command_and_says_which_one_is_wrong()
    {
        var sum = await CliAsync("resource", "done", "sum", "--first-number", "41", "--unit", "m");
        Assert.Equal(0, sum.ExitCode);
        Assert.Contains("= 42 m", sum.Output, StringComparison.Ordinal);

        foreach (var (named, arguments) in new (string, string[])[]
        {
            ("first-number", []),
            ("first-number", ["--first-number", "many"]),
            ("unit", ["--first-number", "1", "--unit", "mile"]),
            ("colour", ["--first-number", "1", "--colour", "red"]),
        })
        {
            var refused = await CliAsync(["resource", "done", "sum", .. arguments]);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains(named, refused.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("= ", refused.Output, StringComparison.Ordinal);
        }
    }

    private Task<(int ExitCode, string Output)> CliAsync(params string[] arguments) =>
        appHost.CliAsync([.. arguments, "--apphost", RunningAppHost.ProjectPath]);
}
