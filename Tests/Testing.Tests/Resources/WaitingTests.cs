using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trellis.Hosting.Testing.Tests.Resources;

/// <summary>What a test is told when resources that it waits for do not become healthy.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task A_resource_that_ended_is_told_with_its_exit_code_and_the_end_of_its_log()
    {
        await using var builder = Running.Builder();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        builder.AddShell("crasher", "for i in $(seq 1 30); do echo line $i.; done; echo out of luck; exit 3").WithHealthCheck("never");
        var application = await builder.StartAsync();

        var failure = await Assert.ThrowsAsync<ResourceNotHealthyException>(() => application.WaitForHealthyAsync("crasher", Running.Patience));

        Assert.StartsWith("Resource 'crasher' will not become healthy any more: Finished, exit code 3.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 30.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("out of luck", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 2.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_that_waits_in_vain_is_told_with_the_one_that_is_to_blame()
    {
        await using var builder = Running.Builder();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var database = builder.AddShell("database", "echo disk is full; exit 7").WithHealthCheck("never");
        var migration = builder.AddShell("migration", "exit 0").WaitFor(database);
        builder.AddShell("web", "exec sleep 60").WaitForCompletion(migration);
        builder.AddShell("bystander", "echo nothing to see; exec sleep 60");
        var application = await builder.StartAsync();

        var failure = await Assert.ThrowsAsync<ResourceNotHealthyException>(() => application.WaitForHealthyAsync("web", Running.Patience));

        Assert.Contains("waits for migration", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Finished, exit code 7", failure.Message, StringComparison.Ordinal);
        Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bystander", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_that_stays_unhealthy_is_told_with_what_its_health_checks_say()
    {
        await using var builder = Running.Builder();
        builder.Services.AddHealthChecks().AddCheck("taste", () => HealthCheckResult.Unhealthy("too salty"));
        builder.AddShell("soup", "echo cooking; exec sleep 60").WithHealthCheck("taste");
        var application = await builder.StartAsync();

        var failure = await Assert.ThrowsAsync<ResourceNotHealthyException>(() => application.WaitForHealthyAsync("soup", TimeSpan.FromSeconds(3)));

        Assert.StartsWith("Resource 'soup' did not become healthy within 3 s.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("health check taste: Unhealthy: too salty", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cooking", failure.Message, StringComparison.Ordinal);

        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var cancellation = await Assert.ThrowsAsync<OperationCanceledException>(() => application.WaitForHealthyAsync("soup", cancellationToken: cancelled.Token));
        Assert.Contains("too salty", cancellation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_ends_when_all_are_healthy_and_jobs_have_ended_well()
    {
        await using var builder = Running.Builder();
        var job = builder.AddShell("job", "echo done");
        builder.AddShell("web", "exec sleep 60").WaitForCompletion(job);
        builder.AddShell("later", "exec sleep 60").WithExplicitStart();
        var application = await builder.BuildAsync();

        await application.StartHealthyAsync(Running.Patience);

        Assert.Equal("Running", application.StateOf("web"));
        Assert.Equal("NotStarted", application.StateOf("later"));
        await application.WaitForHealthyAsync("web");
    }

    [Fact]
    public async Task A_start_names_the_resource_that_failed_while_others_are_still_on_their_way()
    {
        await using var builder = Running.Builder();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        builder.AddShell("slow", "exec sleep 60").WithHealthCheck("never");
        builder.AddShell("crasher", "echo no licence; exit 1");
        var application = await builder.BuildAsync();

        var failure = await Assert.ThrowsAsync<ResourceNotHealthyException>(() => application.StartHealthyAsync(Running.Patience));

        Assert.StartsWith("Resource 'crasher' will not become healthy any more", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no licence", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_resources_can_be_described_for_the_output_of_a_test()
    {
        await using var builder = Running.Builder();
        builder.AddShell("one", "echo first words; exec sleep 60");
        builder.AddShell("two", "exec sleep 60").WithExplicitStart();
        var application = await builder.BuildAsync();
        await application.StartHealthyAsync(Running.Patience);
        await Trellis.Tests.Eventually.TrueAsync(
            async () => (await application.DescribeResourcesAsync()).Contains("first words", StringComparison.Ordinal), "The log was not described");

        var all = await application.DescribeResourcesAsync();
        var two = await application.DescribeResourcesAsync("two");

        Assert.Matches(@"(?s)one-\S+: Running, Healthy.*two\S*: NotStarted", all);
        Assert.DoesNotContain("one", two, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<ArgumentException>(() => application.WaitForHealthyAsync("three"));
        Assert.Contains("There is no resource 'three'. The model has: one, two.", unknown.Message, StringComparison.Ordinal);
    }
}
