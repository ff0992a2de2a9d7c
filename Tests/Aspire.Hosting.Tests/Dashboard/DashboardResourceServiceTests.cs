using System.Diagnostics;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

public sealed class DashboardResourceServiceTests
{
    private readonly ExecutableResource _catalog = new("catalog", "catalog", "/");
    private readonly ExecutableResource _gateway = new("gateway", "gateway", "/");

    [Fact]
    public async Task Sends_the_resources_there_are_first_and_every_change_afterwards()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        await dashboard.PublishAsync(_catalog, snapshot => snapshot with { State = "Starting" }, deadline);

        var (initial, stream) = await dashboard.WatchAsync(deadline);
        var catalog = Assert.Single(initial);
        Assert.Equal(("catalog", "Starting"), (catalog.DisplayName, catalog.State));

        await dashboard.Notifications.PublishUpdateAsync(_gateway, snapshot => snapshot with { State = "Waiting" });
        Assert.Equal(("gateway", "Waiting"), await NextAsync(stream, deadline));
        await dashboard.Notifications.PublishUpdateAsync(_catalog, snapshot => snapshot with { State = "Running" });
        Assert.Equal(("catalog", "Running"), await NextAsync(stream, deadline));
    }

    [Fact]
    public async Task Says_when_a_resource_is_gone()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        await dashboard.PublishAsync(_catalog, snapshot => snapshot with { State = "Running" }, deadline);
        var (_, stream) = await dashboard.WatchAsync(deadline);

        Assert.True(dashboard.Feed.Remove("catalog"));

        Assert.True(await stream.MoveNext(deadline));
        Assert.Equal(new ResourceDeletion { ResourceName = "catalog", ResourceType = "Executable" }, Assert.Single(stream.Current.Changes.Value).Delete);
        Assert.Empty((await dashboard.WatchAsync(deadline)).Initial);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Refuses_a_caller_who_does_not_know_the_key(string key)
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var client = dashboard.Client();

        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(() =>
            client.GetApplicationInformationAsync(new ApplicationInformationRequest(), dashboard.Call(deadline, key)).ResponseAsync));
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(() =>
            client.WatchResources(new WatchResourcesRequest(), dashboard.Call(deadline, key)).ResponseStream.MoveNext(deadline)));
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(() =>
            client.GetApplicationInformationAsync(new ApplicationInformationRequest(), cancellationToken: deadline).ResponseAsync));
    }

    [Fact]
    public async Task Names_the_application_without_the_word_AppHost()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();

        var information = await dashboard.Client().GetApplicationInformationAsync(new ApplicationInformationRequest(), dashboard.Call(deadline));

        Assert.Equal("Some", information.ApplicationName);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_holds_up_nobody_and_still_gets_the_last_state()
    {
        var deadline = Wait.Deadline(60);
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        await dashboard.PublishAsync(_catalog, snapshot => snapshot with { State = "Starting" }, deadline);
        var (_, slow) = await dashboard.WatchAsync(deadline);
        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => dashboard.WatchAsync(deadline)));

        // Far more than the buffers between server and client hold.
        var ballast = new string('x', 100_000);
        for (var i = 0; i < 200; i++)
        {
            await dashboard.Notifications.PublishUpdateAsync(_catalog, snapshot => snapshot with
            {
                State = $"Step {i}",
                EnvironmentVariables = [new EnvironmentVariableSnapshot("BALLAST", ballast, IsFromSpec: true)],
            });
        }

        await dashboard.Notifications.PublishUpdateAsync(_catalog, snapshot => snapshot with { State = "Running" });

        await Task.WhenAll(others.Select(other => ReadUntilAsync(other.Stream)));
        var reads = await ReadUntilAsync(slow);
        Assert.InRange(reads, 1, 199);

        async Task<int> ReadUntilAsync(IAsyncStreamReader<WatchResourcesUpdate> stream)
        {
            for (var read = 1; ; read++)
            {
                if (await NextAsync(stream, deadline) == ("catalog", "Running"))
                {
                    return read;
                }
            }
        }
    }

    [Fact]
    public async Task Sends_more_resources_than_one_message_can_hold()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var value = new string('x', 500_000);
        for (var i = 0; i < 12; i++)
        {
            await dashboard.PublishAsync(
                new ExecutableResource($"service{i}", "service", "/"),
                snapshot => snapshot with { State = "Running", EnvironmentVariables = [new EnvironmentVariableSnapshot("LARGE", value, IsFromSpec: true)] },
                deadline);
        }

        var (initial, stream) = await dashboard.WatchAsync(deadline);
        var names = initial.Select(resource => resource.Name).ToHashSet();
        while (names.Count < 12)
        {
            Assert.True(await stream.MoveNext(deadline));
            names.UnionWith(stream.Current.Changes.Value.Select(change => change.Upsert.Name));
        }
    }

    [Fact]
    public async Task Follows_the_console_log_of_a_resource()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var log = dashboard.Logs.GetLogger("catalog");
        log.LogInformation("before");

        using var call = dashboard.Client().WatchResourceConsoleLogs(new() { ResourceName = "catalog" }, dashboard.Call(deadline));
        Assert.True(await call.ResponseStream.MoveNext(deadline));
        var first = Assert.Single(call.ResponseStream.Current.LogLines);
        Assert.EndsWith("before", first.Text, StringComparison.Ordinal);
        Assert.False(first.IsStdErr);

        log.LogError("after");
        Assert.True(await call.ResponseStream.MoveNext(deadline));
        var second = Assert.Single(call.ResponseStream.Current.LogLines);
        Assert.EndsWith("after", second.Text, StringComparison.Ordinal);
        Assert.True(second.IsStdErr);
        Assert.Equal(first.LineNumber + 1, second.LineNumber);
    }

    [Fact]
    public async Task Ends_a_console_log_that_is_not_to_be_followed()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var log = dashboard.Logs.GetLogger("catalog");

        // Together they exceed what one message may hold; one alone exceeds what a line may.
        log.LogInformation("{Line}", new string('é', 5_000_000));
        for (var i = 0; i < 20; i++)
        {
            log.LogInformation("{Line}", new string('é', 100_000));
        }

        using var call = dashboard.Client().WatchResourceConsoleLogs(new() { ResourceName = "catalog", SuppressFollow = true }, dashboard.Call(deadline));
        var lines = new List<ConsoleLogLine>();
        await foreach (var update in call.ResponseStream.ReadAllAsync(deadline))
        {
            lines.AddRange(update.LogLines);
        }

        Assert.Equal(21, lines.Count);
        Assert.Equal(lines.Select(line => line.LineNumber).Order(), lines.Select(line => line.LineNumber));

        using var unknown = dashboard.Client().WatchResourceConsoleLogs(new() { ResourceName = "nobody", SuppressFollow = true }, dashboard.Call(deadline));
        Assert.False(await unknown.ResponseStream.MoveNext(deadline));
    }

    [Fact]
    public async Task Says_why_a_command_that_nobody_knows_was_not_run()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        await dashboard.PublishAsync(_catalog, snapshot => snapshot with { State = "Running" }, deadline);
        var client = dashboard.Client();

        var noCommand = await client.ExecuteResourceCommandAsync(new() { ResourceName = "catalog", CommandName = "dance" }, dashboard.Call(deadline));
        Assert.Equal(ResourceCommandResponseKind.Failed, noCommand.Kind);
        Assert.Contains("dance", noCommand.Message, StringComparison.Ordinal);

        var noResource = await client.ExecuteResourceCommandAsync(new() { ResourceName = "nobody", CommandName = "start" }, dashboard.Call(deadline));
        Assert.Equal(ResourceCommandResponseKind.Failed, noResource.Kind);
        Assert.Contains("nobody", noResource.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_no_files()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();

        Assert.Equal(StatusCode.Unimplemented, await StatusAsync(async () =>
        {
            using var call = dashboard.Client().UploadFile(dashboard.Call(deadline));
            return await call.ResponseAsync;
        }));
    }

    [Fact]
    public async Task Keeps_interactions_open_until_the_AppHost_stops_and_then_ends_every_stream_at_once()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        await dashboard.PublishAsync(_catalog, snapshot => snapshot with { State = "Running" }, deadline);
        using var interactions = dashboard.Client().WatchInteractions(dashboard.Call(deadline));
        var interaction = interactions.ResponseStream.MoveNext(deadline);
        using var logs = dashboard.Client().WatchResourceConsoleLogs(new() { ResourceName = "catalog" }, dashboard.Call(deadline));
        var log = logs.ResponseStream.MoveNext(deadline);
        var (_, resources) = await dashboard.WatchAsync(deadline);
        var resource = resources.MoveNext(deadline);

        // The stream was open all along: another call went through meanwhile.
        await dashboard.Client().GetApplicationInformationAsync(new ApplicationInformationRequest(), dashboard.Call(deadline));
        Assert.False(interaction.IsCompleted);

        var watch = Stopwatch.StartNew();
        dashboard.Lifetime.StopApplication();
        Assert.False(await interaction);
        Assert.False(await log);
        Assert.False(await resource);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_nothing_behind()
    {
        var deadline = Wait.Deadline();
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var gone = new CancellationTokenSource();
        await dashboard.WatchAsync(gone.Token);
        Assert.Equal(1, dashboard.Feed.Watchers);

        await gone.CancelAsync();

        await Wait.UntilAsync(() => dashboard.Feed.Watchers == 0, "The subscription is still there", deadline);
        Assert.DoesNotContain(dashboard.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    private static async Task<(string Name, string State)> NextAsync(IAsyncStreamReader<WatchResourcesUpdate> stream, CancellationToken cancellationToken)
    {
        Assert.True(await stream.MoveNext(cancellationToken));
        var resource = Assert.Single(stream.Current.Changes.Value).Upsert;
        return (resource.DisplayName, resource.State);
    }

    private static async Task<StatusCode> StatusAsync<T>(Func<Task<T>> call) => (await Assert.ThrowsAsync<RpcException>(call)).StatusCode;
}
