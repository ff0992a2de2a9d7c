using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing.Tests;

/// <summary>However a run ends, and wherever its start broke off: nothing of it is left.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DisposalTests : IDisposable
{
    private readonly TracesOfRun _traces = new();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public void Dispose() => _traces.Dispose();

    [Fact]
    public async Task Never_started()
    {
        var builder = Describe();
        await builder.BuildAsync(Deadline);

        await builder.DisposeAsync();

        await _traces.AssertNoneAsync();
    }

    [Fact]
    public async Task Never_built()
    {
        var described = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Deadline);

        await described.DisposeAsync();
        await described.DisposeAsync();

        await _traces.AssertNoneAsync();
    }

    [Fact]
    public async Task Disposed_several_times_in_several_ways()
    {
        var builder = Describe();
        var application = await builder.BuildAsync(Deadline);
        await application.StartAsync(Deadline);
        Assert.NotEmpty(_traces.Processes());

        await application.DisposeAsync();
        await application.DisposeAsync();
        await builder.DisposeAsync();
        builder.Dispose();

        await _traces.AssertNoneAsync();
    }

    [Fact]
    public async Task Disposed_at_the_same_time_by_two()
    {
        var builder = Describe();
        var application = await builder.BuildAsync(Deadline);
        await application.StartAsync(Deadline);

        await Task.WhenAll(builder.DisposeAsync().AsTask(), Task.Run(builder.Dispose), application.DisposeAsync().AsTask()).WaitAsync(Deadline);

        await _traces.AssertNoneAsync();
    }

    [Theory]
    [InlineData("before")]
    [InlineData("endpoints")]
    [InlineData("after")]
    public async Task A_subscriber_threw(string moment)
    {
        var builder = Describe();
        var web = builder.Resources.Single(resource => resource.Name == "web");
        switch (moment)
        {
            case "before":
                builder.Eventing.Subscribe<BeforeStartEvent>((_, _) => throw new InvalidOperationException("thrown by the test"));
                break;
            case "endpoints":
                builder.Eventing.Subscribe<ResourceEndpointsAllocatedEvent>(web, (_, _) => throw new InvalidOperationException("thrown by the test"));
                break;
            default:
                builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => throw new InvalidOperationException("thrown by the test"));
                break;
        }

        var application = await builder.BuildAsync(Deadline);
        var failure = await Record.ExceptionAsync(() => application.StartAsync(Deadline));
        Assert.Contains("thrown by the test", failure?.Message, StringComparison.Ordinal);

        await builder.DisposeAsync();

        await _traces.AssertNoneAsync();
    }

    [Fact]
    public async Task There_was_no_engine()
    {
        var builder = Describe("--DcpPublisher:CliPath=/nowhere/dcp");
        builder.Services.Configure<DcpOptions>(options => options.CliPath = "/nowhere/dcp");
        var application = await builder.BuildAsync(Deadline);
        var failure = await Record.ExceptionAsync(() => application.StartAsync(Deadline));
        Assert.Contains("/nowhere/dcp", failure?.Message, StringComparison.Ordinal);

        await builder.DisposeAsync();

        await _traces.AssertNoneAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(600)]
    public async Task The_start_was_cancelled(int afterMilliseconds)
    {
        var builder = Describe();
        var application = await builder.BuildAsync(Deadline);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(afterMilliseconds));
        var failure = await Record.ExceptionAsync(() => application.StartAsync(cancelled.Token));
        Assert.True(failure is null or OperationCanceledException, failure?.ToString());

        await builder.DisposeAsync();

        await _traces.AssertNoneAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(600)]
    public async Task It_was_disposed_while_it_started(int afterMilliseconds)
    {
        var builder = Describe();
        var application = await builder.BuildAsync(Deadline);
        var starting = application.StartAsync(Deadline);
        await Task.WhenAny(starting, Task.Delay(afterMilliseconds));

        await builder.DisposeAsync().AsTask().WaitAsync(Deadline);

        await Record.ExceptionAsync(() => starting.WaitAsync(Deadline));
        await _traces.AssertNoneAsync();
    }

    [Fact]
    public async Task It_was_disposed_while_a_resource_waited_for_another()
    {
        var builder = Describe();
        var gate = builder.AddExecutable("gate", "sleep", "/", "60").WithExplicitStart();
        builder.AddExecutable("waiting", "sleep", "/", "60").WaitFor(gate);
        var application = await builder.BuildAsync(Deadline);
        var starting = application.StartAsync(Deadline);
        await application.ResourceNotifications.WaitForResourceAsync("waiting", KnownResourceStates.Waiting, Deadline);

        await application.DisposeAsync().AsTask().WaitAsync(Deadline);

        await Record.ExceptionAsync(() => starting.WaitAsync(Deadline));
        await builder.DisposeAsync();
        await _traces.AssertNoneAsync();
    }

    private static IDistributedApplicationTestingBuilder Describe(params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args);
        builder.AddExecutable("web", "sh", "/", "-c", "sleep 60 & sleep 60").WithHttpEndpoint();
        builder.AddExecutable("worker", "sleep", "/", "60");
        return builder;
    }
}
