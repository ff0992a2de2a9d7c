namespace Aspire.Hosting.Pipelines;

internal sealed class ReportingTask(ReportingStep step, string text) : IReportingTask
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public string Text { get; private set; } = text;

    public CompletionState State { get; private set; }

    public Task UpdateAsync(string statusText, CancellationToken cancellationToken = default) => Update(statusText, markdown: false);

    public Task UpdateAsync(MarkdownString statusText, CancellationToken cancellationToken = default) => Update(statusText.Value, markdown: true);

    public Task CompleteAsync(string? completionMessage = null, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default) =>
        Complete(completionMessage, completionState, markdown: false);

    public Task CompleteAsync(MarkdownString completionMessage, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default) =>
        Complete(completionMessage.Value, completionState, markdown: true);

    public async ValueTask DisposeAsync()
    {
        if (State == CompletionState.InProgress)
        {
            await CompleteAsync();
        }
    }

    private Task Update(string text, bool markdown) => InStep(() =>
    {
        Text = text;
        step.Report(this, message: null, markdown);
    });

    private Task Complete(string? message, CompletionState state, bool markdown) => State != CompletionState.InProgress
        ? Task.CompletedTask
        : InStep(() =>
        {
            State = state;
            step.Report(this, message, markdown);
        });

    private Task InStep(Action action) => step.IfInProgress(action)
        ? Task.CompletedTask
        : throw new InvalidOperationException($"The step '{step.Title}' is complete, and its task '{Text}' with it.");
}
