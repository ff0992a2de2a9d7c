using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Interactions;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>Answers the calls of the CLI that started the AppHost. The names of the methods are those on the wire.</summary>
internal sealed class MainCalls(
    AppHostState state,
    AppHostLog log,
    PipelineActivities activities,
    InteractionFeed questions,
    DistributedApplicationPipeline pipeline,
    DistributedApplicationExecutionContext executionContext,
    IServiceProvider services,
    ILogger<MainCalls> logger) : IDisposable
{
    private static readonly string[] Supported = ["baseline.v2", "pipeline-steps.v1"];

    private readonly PublishingPrompts _prompts = new(questions);
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(state.Stopping);

    /// <summary>What to do when the client has shown that it is a CLI.</summary>
    public Action? Introduced { get; set; }

    public void Dispose() => _stopping.Dispose();

#pragma warning disable CA1822, IDE0060 // A call has a target and a token, whether it needs them or not.
    public Task<string[]> GetCapabilitiesAsync(CancellationToken cancellationToken = default)
    {
        Introduced?.Invoke();
        return Task.FromResult(Supported);
    }

    public Task NotifyAppHostReadyAsync(CancellationToken cancellationToken = default)
    {
        state.MarkReady();
        return Task.CompletedTask;
    }

    /// <summary>Ends the streams, so that the client sees them end; the AppHost stops when the answer is on its way.</summary>
    public async Task<Stopping> RequestStopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync();
        return new Stopping();
    }
#pragma warning restore CA1822, IDE0060

    public async Task<DashboardUrls> GetDashboardUrlsAsync(CancellationToken cancellationToken = default)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        return await state.DashboardUrlsAsync(Timeout.InfiniteTimeSpan, waiting.Token);
    }

    public async IAsyncEnumerable<LogEntry> GetAppHostLogEntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await foreach (var entry in log.WatchAsync(reading.Token))
        {
            yield return entry;
        }
    }

    public async IAsyncEnumerable<PipelineActivity> GetPublishingActivitiesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await foreach (var activity in MergedStream.ReadAsync<PipelineActivity>(token => [activities.WatchAsync(token), _prompts.WatchAsync(token)], reading.Token))
        {
            yield return activity;
        }
    }

    public Task CompletePromptResponseAsync(string promptId, PromptAnswer[]? answers, CancellationToken cancellationToken = default) =>
        _prompts.AnswerAsync(promptId, answers, isChange: false, cancellationToken);

    public Task UpdatePromptResponseAsync(string promptId, PromptAnswer[]? answers, CancellationToken cancellationToken = default) =>
        _prompts.AnswerAsync(promptId, answers ?? [], isChange: true, cancellationToken);

    /// <summary>The steps of the pipeline in the order in which they run, or those that one of them needs.</summary>
    public async Task<StepList> GetPipelineStepsAsync(StepsRequest? request = null, CancellationToken cancellationToken = default)
    {
        var graph = await pipeline.ResolveAsync(new PipelineContext(state.Model, executionContext, services, logger, cancellationToken));
        return new StepList([.. graph.Needed(request?.Step).Select(step => new StepMessage(
            step.Name, step.Description, [.. graph.Before(step)], [.. step.Tags], step.Resource?.Name))]);
    }

    public async IAsyncEnumerable<ResourceState> GetResourceStatesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await using var changes = state.Notifications.WatchAsync(reading.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await HasMoreAsync(changes))
        {
            var (resource, snapshot) = (changes.Current.Resource, changes.Current.Snapshot);
            if (resource.Name == DashboardResource.Name)
            {
                continue;
            }

            var endpoints = resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.AllocatedEndpoint?.UriString).OfType<string>();
            yield return new ResourceState(
                resource.Name, snapshot.ResourceType, snapshot.State?.Text ?? "Unknown", [.. endpoints], snapshot.HealthStatus?.ToString());
        }
    }

    private static async Task<bool> HasMoreAsync<T>(IAsyncEnumerator<T> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
