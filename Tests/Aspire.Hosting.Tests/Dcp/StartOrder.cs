namespace Aspire.Hosting.Tests.Dcp;

public sealed class StartOrder
{
    [Fact]
    public async Task One_that_waits_for_completion_starts_after_the_end_of_the_other()
    {
        using var folder = new TemporaryFolder();
        var done = Path.Combine(folder.Path, "done");
        var builder = RunningApplication.CreateBuilder();
        var first = builder.AddExecutable("first", "/bin/sh", ".", "-c", "sleep 0.3; touch \"$0\"; exit 3", done);
        var second = builder.AddExecutable("second", "/bin/sh", ".", "-c", "test -e \"$0\"; echo $?; exec sleep 60", done).WaitForCompletion(first, 3);
        await using var running = await RunningApplication.StartAsync(builder);

        var log = await running.ReadLogAsync(second.Resource, lines => lines.Any(line => line.Text is "0" or "1"));

        Assert.Contains("0", log.Select(line => line.Text));
        Assert.Equal(3, (await running.WaitForAsync("first", KnownResourceStates.Finished)).ExitCode);
    }

    [Fact]
    public async Task One_that_waits_for_completion_does_not_start_after_another_exit_code()
    {
        var builder = RunningApplication.CreateBuilder();
        var first = builder.AddExecutable("first", "/bin/sh", ".", "-c", "exit 3");
        builder.AddExecutable("second", "/bin/sh", ".", "-c", "exec sleep 60").WaitForCompletion(first);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("second", KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task One_that_waits_for_the_start_does_not_wait_for_health()
    {
        var builder = RunningApplication.CreateBuilder();
        var first = builder.AddExecutable("first", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck();
        builder.AddExecutable("second", "/bin/sh", ".", "-c", "exec sleep 60").WaitForStart(first);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("second", KnownResourceStates.Running);
    }

    [Fact]
    public async Task One_that_is_to_be_started_by_hand_is_not_started()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("by-hand", "/bin/sh", ".", "-c", "exec sleep 60").WithExplicitStart();
        builder.AddExecutable("other", "/bin/sh", ".", "-c", "exec sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("other", KnownResourceStates.Running);

        var byHand = await running.WaitForAsync("by-hand", KnownResourceStates.NotStarted);
        Assert.DoesNotContain(byHand.Properties, property => property.Name == "executable.pid");
    }

    [Fact]
    public async Task A_circle_of_waits_is_refused_by_name()
    {
        var builder = RunningApplication.CreateBuilder();
        var first = builder.AddExecutable("a", "true", ".");
        var second = builder.AddExecutable("b", "true", ".").WaitFor(first);
        first.WaitForStart(second);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains("a -> b -> a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_of_references_between_projects_is_refused_by_name()
    {
        var builder = RunningApplication.CreateBuilder();
        var first = builder.AddProject("a", "a.csproj");
        var second = builder.AddProject("b", "b.csproj").WithReference(first);
        var third = builder.AddProject("c", "c.csproj").WithReference(second);
        first.WithReference(third);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains("a -> c -> b -> a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_has_as_many_replicas_as_it_is_told()
    {
        var project = RunningApplication.CreateBuilder().AddProject("a", "a.csproj").WithReplicas(2).WithReplicas(3);

        Assert.Equal(3, project.Resource.GetReplicaCount());
    }
}
