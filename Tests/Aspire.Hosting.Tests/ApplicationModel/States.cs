namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class States : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly IDistributedApplicationBuilder _builder = TestApplication.Create();
    private readonly IResource _first;
    private readonly IResource _second;
    private readonly DistributedApplication _application;

    public States()
    {
        var first = _builder.AddExecutable("first", "true", ".");
        var second = _builder.AddExecutable("second", "true", ".").WaitFor(first);
        _first = first.Resource;
        _second = second.Resource;
        _application = _builder.Build();
    }

    private ResourceNotificationService Notifications => _application.ResourceNotifications;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _application.DisposeAsync();

    [Fact]
    public async Task Are_told_to_those_who_came_before_and_after()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var early = Notifications.WaitForResourceAsync("first", KnownResourceStates.Running, deadline.Token);
        await SetAsync(_first, KnownResourceStates.Running);
        await early;
        await Notifications.WaitForResourceAsync("FIRST", KnownResourceStates.Running, deadline.Token);
    }

    [Fact]
    public async Task Waiting_ends_when_the_other_is_healthy_and_prepared()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var waiting = Notifications.WaitForDependenciesAsync(_second, deadline.Token);
        await SetAsync(_first, KnownResourceStates.Running);
        var prepared = new TaskCompletionSource();
        await Notifications.PublishUpdateAsync(_first, s => s with { ReadyHandlers = prepared.Task });
        Assert.True(Notifications.TryGetCurrentState("second", out var state));
        Assert.Equal(KnownResourceStates.Waiting, state.Snapshot.State?.Text);
        Assert.False(waiting.IsCompleted);
        prepared.SetResult();
        await waiting.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Waiting_fails_when_the_other_fails()
    {
        var waiting = Notifications.WaitForDependenciesAsync(_second, default);
        await Notifications.PublishUpdateAsync(_first, s => s with { State = KnownResourceStates.Exited, ExitCode = 3 });
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => waiting.WaitAsync(Deadline));
        Assert.Contains("'first'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_health_fails_when_the_resource_ends()
    {
        var waiting = Notifications.WaitForResourceHealthyAsync("first");
        await SetAsync(_first, KnownResourceStates.FailedToStart);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => waiting.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Changes_of_many_writers_arrive_in_one_order()
    {
        const int Writers = 8;
        const int Changes = 200;
        using var deadline = new CancellationTokenSource(Deadline);
        var seen = new List<int>();
        var reader = Task.Run(async () =>
        {
            await foreach (var change in Notifications.WatchAsync(deadline.Token))
            {
                if (change.Snapshot.ExitCode is { } count)
                {
                    seen.Add(count);
                    if (count == Writers * Changes)
                    {
                        return;
                    }
                }
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Changes; i++)
            {
                await Notifications.PublishUpdateAsync(_first, s => s with { ExitCode = (s.ExitCode ?? 0) + 1 });
            }
        })));
        await reader.WaitAsync(Deadline);
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task Show_what_a_resource_has_to_do_with_others()
    {
        await SetAsync(_second, KnownResourceStates.Starting);
        Assert.True(Notifications.TryGetCurrentState("second", out var state));
        Assert.Contains(new RelationshipSnapshot("first", "WaitFor"), state.Snapshot.Relationships);
    }

    [Fact]
    public void Relationships_can_be_given_from_either_side()
    {
        var parent = _builder.AddExecutable("parent", "true", ".");
        var child = _builder.AddExecutable("child", "true", ".");
        var third = _builder.AddExecutable("third", "true", ".").WithHttpEndpoint();

        parent.WithChildRelationship(child);
        child.WithReferenceRelationship(parent)
            .WithRelationship(third, "Uses")
            .WithReferenceRelationship(ReferenceExpression.Create($"{third.GetEndpoint("http")}"));

        Assert.Equal(
            [("parent", "Parent"), ("parent", "Reference"), ("third", "Uses"), ("third", "Reference")],
            child.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(relationship => (relationship.Resource.Name, relationship.Type)));
    }

    [Fact]
    public void A_resource_cannot_wait_for_itself()
    {
        var process = _builder.AddExecutable("third", "true", ".");
        Assert.Throws<DistributedApplicationException>(() => process.WaitFor(process));
    }

    private Task SetAsync(IResource resource, string state) => Notifications.PublishUpdateAsync(resource, s => s with { State = state });
}
