using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

internal sealed class ReportingStep : IReportingStep
{
    private readonly PipelineActivities _activities;
    private readonly string? _parent;
    private readonly int _level;
    private readonly Lock _lock = new();
    private readonly List<ReportingTask> _tasks = [];

    public ReportingStep(PipelineActivities activities, string title, string? parent, int level)
    {
        (_activities, Title, _parent, _level) = (activities, title, parent, level);
        Report(title, markdown: false);
    }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public string Title { get; }

    public CompletionState State { get; private set; }

    public Task<IReportingTask> CreateTaskAsync(string statusText, CancellationToken cancellationToken = default) => CreateTask(statusText, markdown: false);

    public Task<IReportingTask> CreateTaskAsync(MarkdownString statusText, CancellationToken cancellationToken = default) => CreateTask(statusText.Value, markdown: true);

    public void Log(LogLevel logLevel, string message) => Log(logLevel, message, markdown: false);

    public void Log(LogLevel logLevel, MarkdownString message) => Log(logLevel, message.Value, markdown: true);

    public Task CompleteAsync(string completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default) =>
        Complete(completionText, completionState, markdown: false);

    public Task CompleteAsync(MarkdownString completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default) =>
        Complete(completionText.Value, completionState, markdown: true);

    public async ValueTask DisposeAsync()
    {
        ReportingTask[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        var worst = tasks.Select(task => task.State).Append(CompletionState.Completed).Max();
        await CompleteAsync(
            worst switch
            {
                CompletionState.CompletedWithError => "Failed",
                CompletionState.CompletedWithWarning => "Completed with warnings",
                _ => "Completed successfully",
            },
            worst);
    }

    /// <summary>Does something unless the step is complete.</summary>
    /// <returns>Whether it was done.</returns>
    internal bool IfInProgress(Action action)
    {
        lock (_lock)
        {
            if (State != CompletionState.InProgress)
            {
                return false;
            }

            action();
            return true;
        }
    }

    internal void Report(ReportingTask task, string? message, bool markdown) => _activities.Report(PipelineActivity.Task, new PipelineActivityData
    {
        Id = task.Id,
        StepId = Id,
        StatusText = task.Text,
        CompletionState = task.State.ToString(),
        CompletionMessage = message,
        EnableMarkdown = markdown,
    });

    private void Report(string text, bool markdown) => _activities.Report(PipelineActivity.Step, new PipelineActivityData
    {
        Id = Id,
        ParentStepId = _parent,
        HierarchyLevel = _level,
        StatusText = text,
        CompletionState = State.ToString(),
        EnableMarkdown = markdown,
    });

    private Task Complete(string text, CompletionState state, bool markdown)
    {
        IfInProgress(() =>
        {
            State = state;
            Report(text, markdown);
        });
        return Task.CompletedTask;
    }

    private Task<IReportingTask> CreateTask(string text, bool markdown)
    {
        var task = new ReportingTask(this, text);
        return IfInProgress(() =>
        {
            _tasks.Add(task);
            Report(task, message: null, markdown);
        })
            ? Task.FromResult<IReportingTask>(task)
            : throw new InvalidOperationException($"The step '{Title}' is complete and can have no further task.");
    }

    private void Log(LogLevel level, string message, bool markdown) => IfInProgress(() => _activities.Report(PipelineActivity.Log, new PipelineActivityData
    {
        Id = Guid.NewGuid().ToString("N"),
        StepId = Id,
        StatusText = message,
        CompletionState = nameof(CompletionState.Completed),
        LogLevel = level.ToString(),
        Timestamp = _activities.Time.GetUtcNow(),
        EnableMarkdown = markdown,
    }));
}
