using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Tests.Dcp;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Tests.Commands;

public sealed class CustomCommandTests
{
    [Fact]
    public async Task A_command_gives_its_result_to_who_asked_for_it()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sleep", ".", "600")
            .WithCommand("count", "Count", context => Task.FromResult(CommandResults.Success("Counted.", $"{{\"of\":\"{context.ResourceName}\"}}", CommandResultFormat.Json)))
            .WithCommand("refuse", "Refuse", _ => Task.FromResult(CommandResults.Failure("No.")))
            .WithCommand("throw", "Throw", _ => throw new InvalidOperationException("Broken."));
        await using var running = await RunningApplication.StartAsync(builder);
        var id = worker.Resource.GetInstanceIds()[0];

        var counted = await running.Commands.ExecuteCommandAsync(id, "count", DcpFixture.Deadline());
        Assert.Equal((true, "Counted.", $"{{\"of\":\"{id}\"}}", CommandResultFormat.Json), (counted.Success, counted.Message, counted.Data?.Value, counted.Data?.Format));
        var refused = await running.Commands.ExecuteCommandAsync("worker", "refuse", DcpFixture.Deadline());
        Assert.Equal((false, "No."), (refused.Success, refused.Message));
        var thrown = await running.Commands.ExecuteCommandAsync(worker.Resource, "throw", DcpFixture.Deadline());
        Assert.Equal((false, "Broken."), (thrown.Success, thrown.Message));
        var unknown = await running.Commands.ExecuteCommandAsync(worker.Resource, "dance", DcpFixture.Deadline());
        Assert.False(unknown.Success);
        Assert.Contains("dance", unknown.Message, StringComparison.Ordinal);
        Assert.False((await running.Commands.ExecuteCommandAsync("nobody", "count", DcpFixture.Deadline())).Success);
    }

    [Fact]
    public async Task A_command_can_be_used_only_in_the_states_that_its_author_names()
    {
        var ran = 0;
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sleep", ".", "600").WithCommand(
            "clean",
            "Clean",
            _ =>
            {
                ran++;
                return Task.FromResult(CommandResults.Success());
            },
            new CommandOptions
            {
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Exited ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });
        await using var running = await RunningApplication.StartAsync(builder);
        Assert.Equal(ResourceCommandState.Disabled, StateOfClean(await running.WaitForAsync("worker", KnownResourceStates.Running)));
        Assert.False((await running.Commands.ExecuteCommandAsync(worker.Resource, "clean", DcpFixture.Deadline())).Success);

        await running.Commands.ExecuteCommandAsync(worker.Resource, "stop", DcpFixture.Deadline());
        Assert.Equal(ResourceCommandState.Enabled, StateOfClean(await running.WaitForAsync("worker", KnownResourceStates.Exited)));
        Assert.True((await running.Commands.ExecuteCommandAsync(worker.Resource, "clean", DcpFixture.Deadline())).Success);
        Assert.Equal(1, ran);

        static ResourceCommandState StateOfClean(CustomResourceSnapshot snapshot) => snapshot.Commands.Single(command => command.Name == "clean").State;
    }

    [Fact]
    public async Task The_dashboard_shows_a_command_and_runs_it()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var deadline = DcpFixture.Deadline();
        var resource = DistributedApplication.CreateBuilder().AddExecutable("worker", "/bin/true", ".")
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success("Greeted.", "*hello*", CommandResultFormat.Markdown, displayImmediately: true)))
            .WithCommand("refuse", "Refuse", _ => Task.FromResult(CommandResults.Failure("No.")))
            .WithCommand("leave", "Leave", _ => Task.FromResult(CommandResults.Canceled()))
            .WithCommand("wait", "Wait", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { UpdateState = _ => ResourceCommandState.Disabled }).Resource;
        await dashboard.PublishAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Running }, deadline);

        var (shown, _) = await dashboard.WatchAsync(deadline);
        Assert.Equal(["greet", "refuse", "leave", "wait"], shown.Single().Commands.Select(command => command.Name));
        var client = dashboard.Client();
        var greeted = await client.ExecuteResourceCommandAsync(new() { ResourceName = "worker", CommandName = "greet" }, dashboard.Call(deadline));
        Assert.Equal((Wire.ResourceCommandResponseKind.Succeeded, "Greeted."), (greeted.Kind, greeted.Message));
        Assert.Equal(("*hello*", Wire.CommandResultFormat.Markdown, true), (greeted.Result.Value, greeted.Result.Format, greeted.Result.DisplayImmediately));
        var refused = await client.ExecuteResourceCommandAsync(new() { ResourceName = "worker", CommandName = "refuse" }, dashboard.Call(deadline));
        Assert.Equal((Wire.ResourceCommandResponseKind.Failed, "No."), (refused.Kind, refused.Message));
        Assert.Equal(Wire.ResourceCommandResponseKind.Cancelled, (await client.ExecuteResourceCommandAsync(new() { ResourceName = "worker", CommandName = "leave" }, dashboard.Call(deadline))).Kind);
        Assert.Equal(Wire.ResourceCommandResponseKind.Failed, (await client.ExecuteResourceCommandAsync(new() { ResourceName = "worker", CommandName = "wait" }, dashboard.Call(deadline))).Kind);
    }
}
