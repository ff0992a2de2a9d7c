using System.Collections.Concurrent;
using Aspire.Hosting.Backchannel;

namespace Aspire.Hosting.Pipelines;

/// <summary>Keeps what steps report for the CLI, which may connect later than the first of them begins.</summary>
internal sealed class PipelineActivities(TimeProvider time) : IPipelineActivityReporter
{
    private readonly ReplayFeed<PipelineActivity> _feed = new();
    private readonly ConcurrentBag<ReportingStep> _steps = [];

    public TimeProvider Time => time;

    public IAsyncEnumerable<PipelineActivity> WatchAsync(CancellationToken cancellationToken) => _feed.WatchAsync(cancellationToken);

    public Task<IReportingStep> CreateStepAsync(string title, CancellationToken cancellationToken = default) =>
        CreateStepAsync(title, parentStepId: null, hierarchyLevel: 0, cancellationToken);

    public Task<IReportingStep> CreateStepAsync(string title, string? parentStepId, int hierarchyLevel, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var parent = _steps.FirstOrDefault(step => step.Title == parentStepId)?.Id ?? parentStepId;
        var step = new ReportingStep(this, title, parent, hierarchyLevel);
        _steps.Add(step);
        return Task.FromResult<IReportingStep>(step);
    }

    public Task CompletePublishAsync(PublishCompletionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var state = options?.CompletionState ?? _steps.Select(step => step.State).Append(CompletionState.Completed).Max();
        Report(PipelineActivity.Complete, new PipelineActivityData
        {
            Id = PipelineActivity.Complete,
            StatusText = options?.CompletionMessage ?? state switch
            {
                CompletionState.CompletedWithError => "The pipeline has failed",
                CompletionState.CompletedWithWarning => "The pipeline has ended, with warnings",
                _ => "The pipeline has ended",
            },
            CompletionState = state.ToString(),
            PipelineSummary = options?.PipelineSummary,
        });
        return Task.CompletedTask;
    }

    public void Report(string type, PipelineActivityData data) => _feed.Add(new PipelineActivity(type, data));
}
