using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Eventing;

public sealed class Events
{
    private readonly DistributedApplicationEventing _eventing = new();
    private readonly List<string> _calls = [];

    [Fact]
    public async Task Reach_subscribers_in_the_order_of_their_subscription()
    {
        Subscribe("first");
        Subscribe("second");
        await _eventing.PublishAsync(new Happened(), EventDispatchBehavior.BlockingSequential);
        Assert.Equal(["first", "second"], _calls);
    }

    [Fact]
    public async Task Do_not_reach_those_who_left()
    {
        var subscription = Subscribe("first");
        _eventing.Unsubscribe(subscription);
        await _eventing.PublishAsync(new Happened());
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task Of_a_resource_reach_only_its_own_subscribers()
    {
        var one = new ParameterResource("one", _ => "");
        var two = new ParameterResource("two", _ => "");
        _eventing.Subscribe<ResourceReadyEvent>(one, (_, _) => Call("one"));
        _eventing.Subscribe<ResourceReadyEvent>(two, (_, _) => Call("two"));
        _eventing.Subscribe<ResourceReadyEvent>((e, _) => Call("any of " + e.Resource.Name));
        await _eventing.PublishAsync(new ResourceReadyEvent(two, null!));
        Assert.Equal(["two", "any of two"], _calls);
    }

    [Fact]
    public async Task Fail_at_the_first_subscriber_that_fails()
    {
        _eventing.Subscribe<Happened>((_, _) => throw new InvalidOperationException("no"));
        Subscribe("second");
        await Assert.ThrowsAsync<InvalidOperationException>(() => _eventing.PublishAsync(new Happened()));
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task Do_not_hold_up_a_publisher_that_does_not_want_to_wait()
    {
        var gate = new TaskCompletionSource();
        _eventing.Subscribe<Happened>((_, _) => gate.Task);
        await _eventing.PublishAsync(new Happened(), EventDispatchBehavior.NonBlockingConcurrent).WaitAsync(TimeSpan.FromSeconds(10));
        gate.SetResult();
    }

    [Fact]
    public async Task Of_a_resource_write_into_its_log()
    {
        var builder = Dcp.RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sleep", ".", "60");
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(worker.Resource, (@event, _) =>
        {
            IDistributedApplicationResourceEvent happened = @event;
            happened.Logger.LogInformation("about to start");
            return Task.CompletedTask;
        });
        await using var running = await Dcp.RunningApplication.StartAsync(builder);

        await running.ReadLogAsync(worker.Resource, lines => lines.Any(line => line.Text == "about to start"));
    }

    private DistributedApplicationEventSubscription Subscribe(string name) => _eventing.Subscribe<Happened>((_, _) => Call(name));

    private Task Call(string name)
    {
        _calls.Add(name);
        return Task.CompletedTask;
    }

    private sealed class Happened : IDistributedApplicationEvent;
}
