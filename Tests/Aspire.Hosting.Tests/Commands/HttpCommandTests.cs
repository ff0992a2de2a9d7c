using Aspire.Hosting.Tests.Dcp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Commands;

public sealed class HttpCommandTests
{
    [Fact]
    public async Task The_request_is_sent_as_its_author_prepares_it_and_the_answer_is_the_result()
    {
        await using var server = await HttpServer.StartAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Path == "/fail" ? 418 : 200;
            context.Response.ContentType = context.Request.Path == "/picture" ? "image/png" : "application/json";
            await context.Response.WriteAsync("{\"n\":1}");
        });
        var builder = RunningApplication.CreateBuilder();
        var worker = Worker(builder, server)
            .WithHttpCommand("/clean", "Clean")
            .WithHttpCommand("/seed", "Seed", commandName: "seed", commandOptions: new HttpCommandOptions
            {
                Method = HttpMethod.Put,
                ResultMode = HttpCommandResultMode.Auto,
                PrepareRequest = context =>
                {
                    Assert.Equal("http", context.Endpoint.EndpointName);
                    context.Request.Content = new StringContent("seeds");
                    return Task.CompletedTask;
                },
            })
            .WithHttpCommand("/picture", "Picture", commandName: "picture", commandOptions: new HttpCommandOptions { ResultMode = HttpCommandResultMode.Auto })
            .WithHttpCommand("/fail", "Fail", commandName: "fail", commandOptions: new HttpCommandOptions { ResultMode = HttpCommandResultMode.Text })
            .WithHttpCommand("/own", "Own", commandName: "own", commandOptions: new HttpCommandOptions
            {
                GetCommandResult = async context => CommandResults.Success(await context.Response.Content.ReadAsStringAsync(context.CancellationToken)),
            });
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("worker", KnownResourceStates.Running);

        var cleaned = await RunAsync("worker-http-http-post-/clean");
        Assert.Equal((true, null, null), (cleaned.Success, cleaned.Message, cleaned.Data));
        var seeded = await RunAsync("seed");
        Assert.Equal((true, "{\"n\":1}", CommandResultFormat.Json), (seeded.Success, seeded.Data?.Value, seeded.Data?.Format));
        Assert.Null((await RunAsync("picture")).Data);
        var failed = await RunAsync("fail");
        Assert.Equal((false, "{\"n\":1}", CommandResultFormat.Text), (failed.Success, failed.Data?.Value, failed.Data?.Format));
        Assert.Contains("418", failed.Message, StringComparison.Ordinal);
        Assert.Equal("{\"n\":1}", (await RunAsync("own")).Message);
        Assert.Equal(["POST /clean", "PUT /seed seeds", "POST /picture", "POST /fail", "POST /own"], server.Requests);

        Task<ExecuteCommandResult> RunAsync(string name) => running.Commands.ExecuteCommandAsync(worker.Resource, name, DcpFixture.Deadline());
    }

    [Fact]
    public async Task A_command_can_be_used_only_while_the_resource_runs_and_says_who_does_not_answer()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sleep", ".", "600").WithHttpEndpoint(name: "admin", isProxied: false)
            .WithHttpCommand("/clean", "Clean", endpointName: "admin", commandName: "clean");
        await using var running = await RunningApplication.StartAsync(builder);
        Assert.Equal(ResourceCommandState.Enabled, StateOfClean(await running.WaitForAsync("worker", KnownResourceStates.Running)));

        var unanswered = await running.Commands.ExecuteCommandAsync(worker.Resource, "clean", DcpFixture.Deadline());
        Assert.False(unanswered.Success);
        Assert.NotEmpty(unanswered.Message!);

        await running.Commands.ExecuteCommandAsync(worker.Resource, "stop", DcpFixture.Deadline());
        Assert.Equal(ResourceCommandState.Disabled, StateOfClean(await running.WaitForAsync("worker", KnownResourceStates.Exited)));

        static ResourceCommandState StateOfClean(CustomResourceSnapshot snapshot) => snapshot.Commands.Single(command => command.Name == "clean").State;
    }

    [Fact]
    public async Task A_request_goes_out_by_the_client_and_to_the_endpoint_that_the_author_names_and_can_be_called_off()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await HttpServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                arrived.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await context.Response.WriteAsync(context.Request.Headers["X-Client"].ToString());
        });
        var builder = RunningApplication.CreateBuilder();
        builder.Services.AddHttpClient("named", client => client.DefaultRequestHeaders.Add("X-Client", "named"));
        var worker = Worker(builder, server);
        worker.WithHttpCommand("/who", "Who", () => worker.GetEndpoint("http"), "who", new HttpCommandOptions { HttpClientName = "named", ResultMode = HttpCommandResultMode.Text })
            .WithHttpCommand("/slow", "Slow", commandName: "slow");
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("worker", KnownResourceStates.Running);

        Assert.Equal("named", (await running.Commands.ExecuteCommandAsync(worker.Resource, "who", DcpFixture.Deadline())).Data?.Value);

        using var user = new CancellationTokenSource();
        var slow = running.Commands.ExecuteCommandAsync(worker.Resource, "slow", user.Token);
        await arrived.Task.WaitAsync(DcpFixture.Deadline());
        await user.CancelAsync();
        Assert.True((await slow).Canceled);
    }

    [Fact]
    public async Task A_command_is_shown_to_those_only_to_whom_its_author_offers_it()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("worker", "/bin/sleep", ".", "600")
            .WithCommand("ui", "For people", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { Visibility = ResourceCommandVisibility.UI })
            .WithCommand("api", "For programs", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { Visibility = ResourceCommandVisibility.Api })
            .WithCommand("code", "For code", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { Visibility = ResourceCommandVisibility.None });
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("worker", KnownResourceStates.Running);
        Assert.True(running.Notifications.TryGetCurrentState(builder.Resources.Single().GetInstanceIds()[0], out var current));

        var shown = Aspire.Hosting.Dashboard.ResourceMessage.From(current, TimeProvider.System.GetUtcNow().UtcDateTime).Commands.Select(command => command.Name).ToList();

        Assert.Contains("ui", shown);
        Assert.DoesNotContain("api", shown);
        Assert.DoesNotContain("code", shown);
        Assert.True((await running.Commands.ExecuteCommandAsync("worker", "code", DcpFixture.Deadline())).Success);
    }

    /// <summary>A resource that runs, whose endpoint is the test's own server.</summary>
    private static IResourceBuilder<ExecutableResource> Worker(IDistributedApplicationBuilder builder, HttpServer server)
        => builder.AddExecutable("worker", "/bin/sleep", ".", "600").WithHttpEndpoint(targetPort: server.Address.Port);
}
