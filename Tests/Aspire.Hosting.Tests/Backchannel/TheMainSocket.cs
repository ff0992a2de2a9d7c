using System.Text;
using System.Text.Json;
using Aspire.Hosting.Tests.Dcp;
using StreamJsonRpc;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>What an AppHost and the CLI that started it say to each other, on the wire.</summary>
public sealed class TheMainSocket
{
    [Fact]
    public async Task Follows_a_run_and_ends_it_with_an_answer()
    {
        await using var appHost = AppHostOfTheCli.Start();
        using var cli = await appHost.ConnectAsync();

        Assert.Contains("baseline.v2", await CallAsync<string[]>(cli, "GetCapabilitiesAsync"));
        Assert.False((await CallAsync<JsonElement>(cli, "GetDashboardUrlsAsync")).GetProperty("DashboardHealthy").GetBoolean());
        await foreach (var entry in Bounded(await StreamAsync(cli, "GetAppHostLogEntriesAsync")))
        {
            if (entry.GetProperty("Message").GetString()!.StartsWith("Distributed application started", StringComparison.Ordinal))
            {
                Assert.Equal(2, entry.GetProperty("LogLevel").GetInt32());
                break;
            }
        }

        var states = await StreamAsync(cli, "GetResourceStatesAsync");
        await foreach (var state in Bounded(states))
        {
            if (state.GetProperty("Resource").GetString() == "sick" && state.GetProperty("State").GetString() == "Running")
            {
                Assert.StartsWith("http://", Assert.Single(state.GetProperty("Endpoints").EnumerateArray()).GetString(), StringComparison.Ordinal);
                break;
            }
        }

        await cli.InvokeWithCancellationAsync("RequestStopAsync", [], DcpFixture.Deadline());
        Assert.Equal(0, (await appHost.EndAsync()).ExitCode);
        Assert.False(File.Exists(appHost.Socket));
    }

    [Fact]
    public async Task Serves_a_second_client_when_others_talk_nonsense_or_vanish()
    {
        await using var appHost = AppHostOfTheCli.Start();
        await using (var nonsense = await appHost.OpenAsync())
        {
            await nonsense.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n{]"), DcpFixture.Deadline());
        }

        using (var vanishes = await appHost.ConnectAsync())
        {
            _ = await StreamAsync(vanishes, "GetResourceStatesAsync");
        }

        using var first = await appHost.ConnectAsync();
        using var second = await appHost.ConnectAsync();
        Assert.NotEmpty(await CallAsync<string[]>(first, "GetCapabilitiesAsync"));
        Assert.NotEmpty(await CallAsync<string[]>(second, "GetCapabilitiesAsync"));
    }

    [Fact]
    public async Task Ends_with_the_AppHost_when_the_CLI_was_killed()
    {
        await using var appHost = AppHostOfTheCli.Start();
        using var cli = await appHost.ConnectAsync();
        await CallAsync<string[]>(cli, "GetCapabilitiesAsync");

        appHost.KillCli();

        var (exitCode, output) = await appHost.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("The aspire CLI that started this AppHost", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there/is/no/such/folder.sock")]
    [InlineData("a file")]
    [InlineData("/proc/unwritable.sock")]
    [InlineData("a-path-that-is-longer-than-the-108-bytes-that-the-address-of-a-unix-socket-can-hold-and-that-nobody-would-type.sock")]
    public async Task Is_not_missed_where_it_cannot_be_opened(string path)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "a file"), "Kept.");
        await using var appHost = AppHostOfTheCli.StartOn(Path.Combine(folder.Path, path), "--operation", "publish", "--step", "greet");

        var (exitCode, output) = await appHost.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("ASPIRE_BACKCHANNEL_PATH", output, StringComparison.Ordinal);
        Assert.Contains("Hello from a step", output, StringComparison.Ordinal);
        Assert.Equal("Kept.", await File.ReadAllTextAsync(Path.Combine(folder.Path, "a file")));
    }

    [Fact]
    public async Task Tells_how_steps_get_on_also_to_a_client_that_comes_late()
    {
        await using var appHost = AppHostOfTheCli.Start("--operation", "publish", "--step", "after-break");
        await (await appHost.OpenAsync()).DisposeAsync();
        using var cli = await appHost.ConnectAsync();
        await CallAsync<string[]>(cli, "GetCapabilitiesAsync");

        var activities = new List<(string Type, string Text, string State)>();
        await foreach (var activity in Bounded(await StreamAsync(cli, "GetPublishingActivitiesAsync")))
        {
            var data = activity.GetProperty("Data");
            activities.Add((activity.GetProperty("Type").GetString()!, data.GetProperty("StatusText").GetString()!, data.GetProperty("CompletionState").GetString()!));
            if (activities[^1].Type == "publish-complete")
            {
                break;
            }
        }

        Assert.Equal(
            [
                ("step", "greet", "InProgress"),
                ("task", "Looking for somebody", "InProgress"),
                ("task", "Looking for somebody", "Completed"),
                ("log", "Hello from a step", "Completed"),
                ("step", "Completed successfully", "Completed"),
                ("step", "break", "InProgress"),
                ("step", "The step is broken", "CompletedWithError"),
                ("publish-complete", "Step 'break' failed: The step is broken (not run for that reason: 'after-break')", "CompletedWithError"),
            ],
            activities);
        Assert.False(appHost.Process.HasExited);
        await cli.InvokeWithCancellationAsync("RequestStopAsync", [], DcpFixture.Deadline());
        Assert.Equal(1, (await appHost.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Lists_steps_in_order_and_runs_none_of_them()
    {
        await using var appHost = AppHostOfTheCli.Start("--operation", "inspect", "--list-steps", "true");
        using var cli = await appHost.ConnectAsync();

        Assert.Contains("pipeline-steps.v1", await CallAsync<string[]>(cli, "GetCapabilitiesAsync"));
        var steps = (await CallAsync<JsonElement>(cli, "GetPipelineStepsAsync", new { Step = "after-break" })).GetProperty("Steps").EnumerateArray().ToArray();

        Assert.Equal(["greet", "break", "after-break"], steps.Select(step => step.GetProperty("Name").GetString()));
        Assert.Equal("break", Assert.Single(steps[2].GetProperty("DependsOn").EnumerateArray()).GetString());
        var unknown = await Assert.ThrowsAsync<RemoteInvocationException>(() => CallAsync<JsonElement>(cli, "GetPipelineStepsAsync", new { Step = "sing" }));
        Assert.Contains("There is no step 'sing'", unknown.Message, StringComparison.Ordinal);
        await cli.InvokeWithCancellationAsync("RequestStopAsync", [], DcpFixture.Deadline());
        var (exitCode, output) = await appHost.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Hello from a step", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_steps_that_still_run_when_its_client_asks_for_it()
    {
        await using var appHost = AppHostOfTheCli.Start("--operation", "publish", "--step", "wait");
        using var cli = await appHost.ConnectAsync();
        await foreach (var activity in Bounded(await StreamAsync(cli, "GetPublishingActivitiesAsync")))
        {
            Assert.Equal("wait", activity.GetProperty("Data").GetProperty("StatusText").GetString());
            break;
        }

        await cli.InvokeWithCancellationAsync("RequestStopAsync", [], DcpFixture.Deadline());

        Assert.Equal(1, (await appHost.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Puts_the_questions_of_steps_again_when_an_answer_was_refused()
    {
        await using var appHost = AppHostOfTheCli.Start("--operation", "publish", "--step", "ask");
        using var cli = await appHost.ConnectAsync();
        var prompts = new List<string>();
        await foreach (var activity in Bounded(await StreamAsync(cli, "GetPublishingActivitiesAsync")))
        {
            var data = activity.GetProperty("Data");
            if (activity.GetProperty("Type").GetString() == "publish-complete")
            {
                break;
            }

            if (activity.GetProperty("Type").GetString() == "log")
            {
                prompts.Add(data.GetProperty("StatusText").GetString()!);
            }

            if (activity.GetProperty("Type").GetString() == "prompt")
            {
                prompts.Add(Describe(data));
                object[] answers = prompts.Count switch
                {
                    1 => [new { Name = "confirm", Value = "true" }],
                    2 => [new { Name = "town", Value = "Atlantis" }, new { Name = "by", Value = "boat" }],
                    _ => [new { Value = "Utrecht" }, new { Value = "train" }],
                };
                await cli.InvokeWithCancellationAsync("CompletePromptResponseAsync", [data.GetProperty("Id").GetString(), answers], DcpFixture.Deadline());
            }
        }

        Assert.Equal(
            [
                "Shall we go?: confirm:Boolean:",
                "Say where to: town:Text: by:Choice:By train,By boat",
                "Say where to: town:Text:It has sunk. by:Choice:By train,By boat",
                "True: Utrecht by train, as it was",
            ],
            prompts);

        static string Describe(JsonElement data) => data.GetProperty("StatusText").GetString() + ":" + string.Concat(data.GetProperty("Inputs").EnumerateArray().Select(input =>
            $" {input.GetProperty("Name").GetString()}:{input.GetProperty("InputType").GetString()}:" +
            string.Concat(Texts(input.GetProperty("ValidationErrors"), error => error.GetString()!)) +
            string.Join(',', Texts(input.GetProperty("Options"), option => option.GetProperty("Value").GetString()!))));

        static IEnumerable<string> Texts(JsonElement list, Func<JsonElement, string> text) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(text) : [];
    }

    [Fact]
    public async Task Asks_for_the_value_of_a_parameter_that_a_step_needs()
    {
        await using var appHost = AppHostOfTheCli.Start("--operation", "publish", "--step", "use");
        using var cli = await appHost.ConnectAsync();
        await foreach (var activity in Bounded(await StreamAsync(cli, "GetPublishingActivitiesAsync")))
        {
            var data = activity.GetProperty("Data");
            if (activity.GetProperty("Type").GetString() == "prompt")
            {
                var field = data.GetProperty("Inputs").EnumerateArray().First();
                Assert.Equal("missing", field.GetProperty("Name").GetString());
                await cli.InvokeWithCancellationAsync(
                    "CompletePromptResponseAsync", [data.GetProperty("Id").GetString(), new object[] { new { Name = "missing", Value = "here" } }], DcpFixture.Deadline());
            }

            if (data.GetProperty("StatusText").GetString() == "Given: here")
            {
                return;
            }
        }

        Assert.Fail("The value did not arrive.");
    }

    [Theory]
    [InlineData("ask", "Nobody can be asked", null)]
    [InlineData("use", "Parameters:missing", null)]
    [InlineData("use", "Parameters:missing", "ASPIRE_INTERACTIVITY_ENABLED=false")]
    public async Task Steps_that_ask_fail_at_once_where_nobody_can_answer(string step, string message, string? setting)
    {
        // A socket that the CLI named is the only sign of somebody.
        await using var appHost = AppHostOfTheCli.StartOn(setting is null ? "" : "cli.sock", ["--operation", "publish", "--step", step, .. setting is null ? (string[])[] : [setting]]);
        if (setting is not null)
        {
            using var cli = await appHost.ConnectAsync();
            await cli.InvokeWithCancellationAsync("RequestStopAsync", [], DcpFixture.Deadline());
        }

        var (exitCode, output) = await appHost.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    private static Task<T> CallAsync<T>(JsonRpc client, string method, params object[] arguments) =>
        client.InvokeWithCancellationAsync<T>(method, arguments, DcpFixture.Deadline());

    private static Task<IAsyncEnumerable<JsonElement>> StreamAsync(JsonRpc client, string method) => CallAsync<IAsyncEnumerable<JsonElement>>(client, method);

    private static System.Runtime.CompilerServices.ConfiguredCancelableAsyncEnumerable<JsonElement> Bounded(IAsyncEnumerable<JsonElement> stream) =>
        stream.WithCancellation(DcpFixture.Deadline(60));
}
