using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The system started, followed, published and ended with the aspire CLI.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AspireCliTests : IDisposable
{
    private readonly RunFolder _folder = new();
    private readonly AspireCli _cli;

    public AspireCliTests() => _cli = new AspireCli(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_shows_the_dashboard_and_Ctrl_C_leaves_nothing_behind()
    {
        // script(1) gives the CLI a terminal of its own and types there what it reads.
        await using var run = AppHostProcess.Start(
            BuiltSystem.AppHost,
            _folder.Data,
            ["bash", "-c", """exec script --quiet --return --command "exec $(printf '%q ' "$@")" /dev/null""", "bash", .. AspireCli.Starting("run")],
            environment: _cli.Environment);
        await run.WaitForLineAsync($"Dashboard: .*{run.DashboardUrl.Port}/login", ShopRun.StartTimeout);
        await run.WaitForAnswerAsync(new Uri(run.GatewayUrl, $"{ShopRun.Products}?search=desk"), ShopRun.StartTimeout);
        Assert.Contains(run.Family().Select(ProcessTable.CommandLine), command => command.Contains("Trellis.AppHost", StringComparison.Ordinal));

        var from = run.Elapsed;
        await run.TypeAsync("\x03");
        await run.WaitForEndAsync(from, ShopRun.KillTimeout);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(_folder.EngineFolders());
    }

    [Fact]
    public async Task Killed_the_CLI_takes_the_AppHost_with_it()
    {
        await using var run = AppHostProcess.Start(BuiltSystem.AppHost, _folder.Data, AspireCli.Starting("run --non-interactive"), environment: _cli.Environment);
        await run.WaitForAnswerAsync(new Uri(run.GatewayUrl, "/api/catalog/products"), ShopRun.StartTimeout);

        await run.EndAsync("KILL", ShopRun.KillTimeout);

        Assert.Empty(_folder.EngineFolders());
    }

    [Fact]
    public async Task A_detached_run_is_seen_commanded_and_stopped_from_elsewhere()
    {
        await using var run = AppHostProcess.Start(
            BuiltSystem.AppHost, _folder.Data, AspireCli.Starting("run --detach --non-interactive"), environment: _cli.Environment);
        await Eventually.TrueAsync(() => run.ExitCode is not null, "The CLI had not left the AppHost to itself", ShopRun.StartTimeout.TotalSeconds);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains($":{run.DashboardUrl.Port}/login", run.Output, StringComparison.Ordinal);
        run.Family();

        await _cli.SucceedAsync("wait", "gateway");
        await _cli.SucceedAsync("wait", "catalog");
        Assert.Contains("gateway", await _cli.SucceedAsync("describe"), StringComparison.Ordinal);
        await _cli.SucceedAsync("resource", "catalog", "restart");
        await _cli.SucceedAsync("wait", "catalog");
        using (var client = new HttpClient { BaseAddress = run.GatewayUrl })
        {
            (await client.GetAsync($"{ShopRun.Products}?search=desk")).EnsureSuccessStatusCode();
        }

        // Services hand over their telemetry now and then, not at once.
        await Eventually.TrueAsync(
            async () => (await _cli.RunAsync("otel", "traces", "gateway", "--format", "json")).Output.Contains("\"url.path\":\"/api/catalog/products\"", StringComparison.Ordinal),
            "There was no trace of the call",
            60);
        await _cli.SucceedAsync("otel", "spans", "gateway");
        await _cli.SucceedAsync("otel", "logs");

        run.Family();
        await _cli.SucceedAsync("stop");
        await run.WaitForEndAsync(run.Elapsed, ShopRun.KillTimeout);
        Assert.Empty(_folder.EngineFolders());
    }

    [Fact]
    public async Task Publish_writes_the_manifest_step_by_step()
    {
        var output = await _cli.SucceedAsync("publish", "--no-build", "--output-path", _folder.Path);

        Assert.Contains("(publish-manifest) → Starting publish-manifest...", output, StringComparison.Ordinal);
        Assert.Contains("2/2 steps succeeded", output, StringComparison.Ordinal);
        Assert.Contains("\"catalogdb\"", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "aspire-manifest.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_are_listed_and_run_by_name_and_one_that_does_not_exist_is_an_error()
    {
        var steps = await _cli.SucceedAsync("publish", "--no-build", "--list-steps");
        Assert.Contains("1. publish-manifest", steps, StringComparison.Ordinal);
        Assert.Contains("Depends on: publish-manifest", steps, StringComparison.Ordinal);

        var file = Path.Combine(_folder.Path, "by-name.json");
        await _cli.SucceedAsync("do", "publish-manifest", "--no-build", "--output-path", file);
        Assert.True(File.Exists(file));

        var (exitCode, output) = await _cli.RunAsync("do", "sing", "--no-build");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("There is no step 'sing'", output, StringComparison.Ordinal);

        Assert.Contains("No step is required by 'deploy'", await _cli.SucceedAsync("deploy", "--no-build"), StringComparison.Ordinal);
    }
}
