using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Tests.Pipelines;

/// <summary>Steps of publishing: what comes before what, and what a failure means for the others.</summary>
public sealed class Pipelines
{
    [Fact]
    public async Task A_step_runs_after_all_that_it_needs_and_nothing_else_runs()
    {
        var ran = new List<string>();
        var builder = TestApplication.Create("--operation", "publish", "--step", "deploy");
        foreach (var (name, dependsOn, requiredBy) in ((string, object?, object?)[])
            [("last", (string[])["middle"], "deploy"), ("middle", "first", null), ("first", "deploy-prereq", null), ("other", "first", null)])
        {
            builder.Pipeline.AddStep(name, _ => Ran(ran, name), dependsOn, requiredBy);
        }

        await RunAsync(builder);

        Assert.Equal(["first", "middle", "last"], ran);
    }

    [Fact]
    public async Task Steps_that_do_not_need_each_other_run_at_the_same_time()
    {
        var builder = TestApplication.Create("--operation", "publish", "--step", "both");
        var meeting = new Barrier(2);
        builder.Pipeline.AddStep("one", _ => Task.Run(() => Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(30)))));
        builder.Pipeline.AddStep("two", _ => Task.Run(() => Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(30)))));
        builder.Pipeline.AddStep("both", _ => Task.CompletedTask, dependsOn: (string[])["one", "two"]);

        await RunAsync(builder);
    }

    [Fact]
    public async Task A_failure_holds_up_those_after_it_and_no_others()
    {
        var ran = new List<string>();
        var builder = TestApplication.Create("--operation", "publish", "--step", "end");
        builder.Pipeline.AddStep("broken", _ => throw new InvalidOperationException("No."));
        builder.Pipeline.AddStep("after", _ => Ran(ran, "after"), dependsOn: "broken");
        builder.Pipeline.AddStep("aside", _ => Ran(ran, "aside"));
        builder.Pipeline.AddStep("end", _ => Ran(ran, "end"), dependsOn: (string[])["after", "aside"]);

        var failure = await Assert.ThrowsAnyAsync<DistributedApplicationException>(() => RunAsync(builder));

        Assert.Equal(["aside"], ran);
        Assert.Equal("Step 'broken' failed: No. (not run for that reason: 'after', 'end')", failure.Message);
    }

    [Theory]
    [InlineData("b", null, "Step 'a' depends on step 'b', which does not exist.")]
    [InlineData(null, "b", "Step 'a' is required by step 'b', which does not exist.")]
    [InlineData("a", null, "Steps of the pipeline wait for each other: 'a' -> 'a'.")]
    [InlineData("deploy", "deploy-prereq", "Steps of the pipeline wait for each other: 'deploy-prereq' -> 'a' -> 'deploy' -> 'c' -> 'deploy-prereq'.")]
    public async Task Steps_that_do_not_fit_together_are_named(string? dependsOn, string? requiredBy, string message)
    {
        var builder = TestApplication.Create("--operation", "publish", "--step", "a");
        builder.Pipeline.AddStep("c", _ => Task.CompletedTask, "deploy-prereq", "deploy");
        builder.Pipeline.AddStep("a", _ => Task.CompletedTask, dependsOn, requiredBy);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(builder));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task A_step_that_does_not_exist_is_named_with_those_that_do()
    {
        var builder = TestApplication.Create("--operation", "publish", "--step", "sing");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(builder));

        Assert.StartsWith("There is no step 'sing'. There are build, build-prereq, deploy,", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_step_of_a_name_and_a_dependency_that_is_no_name_are_refused()
    {
        var pipeline = TestApplication.Create().Pipeline;
        pipeline.AddStep("a", _ => Task.CompletedTask);

        Assert.Throws<InvalidOperationException>(() => pipeline.AddStep("a", _ => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => pipeline.AddStep("b", _ => Task.CompletedTask, dependsOn: 1));
    }

    [Fact]
    public async Task Resources_bring_steps_which_others_find_and_tie_together()
    {
        var ran = new List<string>();
        var builder = TestApplication.Create("--operation", "publish", "--step", "deploy");
        var resource = builder.AddExecutable("tool", "sh", ".")
            .WithPipelineStepFactory("push-tool", _ => Ran(ran, "push"), requiredBy: ["deploy"], tags: [WellKnownPipelineTags.PushContainerImage])
            .WithPipelineStepFactory(context => new PipelineStep { Name = $"build-{context.Resource.Name}", Action = _ => Ran(ran, "build"), Tags = ["make"] })
            .WithPipelineConfiguration(context => context.GetSteps(WellKnownPipelineTags.PushContainerImage).DependsOn(context.GetSteps("make")));

        await RunAsync(builder);

        Assert.Equal(["build", "push"], ran);
        Assert.Equal(2, resource.Resource.Annotations.OfType<PipelineStepAnnotation>().Count());
    }

    [Fact]
    public async Task A_goal_that_nothing_is_required_by_says_so()
    {
        var builder = TestApplication.Create("--operation", "publish", "--step", "deploy");

        var activities = await RunAsync(builder);

        Assert.Contains(activities, activity => activity.Data is { CompletionState: "CompletedWithWarning", StatusText: "No step is required by 'deploy', so there is nothing to do." });
    }

    [Fact]
    public async Task Parameters_without_a_value_are_named_before_anything_is_deployed()
    {
        var ran = new List<string>();
        var builder = TestApplication.Create("--operation", "publish", "--step", "deploy");
        builder.AddParameter("region");
        builder.Pipeline.AddStep("mine", _ => Ran(ran, "mine"), "deploy-prereq", "deploy");

        var failure = await Assert.ThrowsAnyAsync<DistributedApplicationException>(() => RunAsync(builder));

        Assert.Contains("'process-parameters'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("region", failure.Message, StringComparison.Ordinal);
        Assert.Empty(ran);
    }

    [Fact]
    public async Task Disposed_a_step_ends_as_its_tasks_did_and_takes_nothing_more()
    {
        var builder = TestApplication.Create("--operation", "publish", "--step", "mixed");
        IReportingStep? kept = null;
        builder.Pipeline.AddStep("mixed", async context =>
        {
            kept = context.ReportingStep;
            await using var fine = await kept.CreateTaskAsync("Fine");
            await (await kept.CreateTaskAsync(new MarkdownString("*Odd*"))).WarnAsync("A little");
        });

        var activities = await RunAsync(builder);

        Assert.Equal("CompletedWithWarning", activities[^1].Data.CompletionState);
        Assert.Contains(activities, activity => activity.Data is { StatusText: "Fine", CompletionState: "Completed" });
        Assert.Contains(activities, activity => activity.Data is { StatusText: "*Odd*", EnableMarkdown: true });
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.CreateTaskAsync("Late"));
    }

    [Fact]
    public async Task Results_go_to_the_folder_of_the_command_line_or_beside_the_AppHost()
    {
        await using var named = TestApplication.Create("--operation", "publish", "--output-path", "/tmp/results").Build();
        await using var other = TestApplication.Create("--operation", "publish").Build();

        Assert.Equal("/tmp/results", named.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory());
        Assert.EndsWith("/aspire-output", other.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory(), StringComparison.Ordinal);
    }

    private static Task Ran(List<string> ran, string name)
    {
        lock (ran)
        {
            ran.Add(name);
        }

        return Task.CompletedTask;
    }

    private static async Task<IReadOnlyList<PipelineActivity>> RunAsync(IDistributedApplicationBuilder builder)
    {
        await using var app = builder.Build();
        var (model, context) = (app.Services.GetRequiredService<DistributedApplicationModel>(), app.Services.GetRequiredService<DistributedApplicationExecutionContext>());
        await app.Services.GetRequiredService<IDistributedApplicationPipeline>().ExecuteAsync(
            new PipelineContext(model, context, app.Services, NullLogger.Instance, CancellationToken.None));
        var reporter = app.Services.GetRequiredService<PipelineActivities>();
        await reporter.CompletePublishAsync();
        var activities = new List<PipelineActivity>();
        await foreach (var activity in reporter.WatchAsync(Dcp.DcpFixture.Deadline()))
        {
            activities.Add(activity);
            if (activity.Type == PipelineActivity.Complete)
            {
                break;
            }
        }

        return activities;
    }
}
