using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>Short ways to say how a step or a task gets on.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class PublishingExtensions
{
    /// <summary>Completes the step: all is well.</summary>
    public static async Task<IReportingStep> SucceedAsync(this IReportingStep step, string? message = null, CancellationToken cancellationToken = default)
    {
        await step.CompleteAsync(message ?? "Completed successfully", CompletionState.Completed, cancellationToken).ConfigureAwait(false);
        return step;
    }

    /// <summary>Completes the step: all is well.</summary>
    public static async Task<IReportingStep> SucceedAsync(this IReportingStep step, MarkdownString message, CancellationToken cancellationToken = default)
    {
        await step.CompleteAsync(message, CompletionState.Completed, cancellationToken).ConfigureAwait(false);
        return step;
    }

    /// <summary>Completes the step: it is done, and there is something to look at.</summary>
    public static async Task<IReportingStep> WarnAsync(this IReportingStep step, string? message = null, CancellationToken cancellationToken = default)
    {
        await step.CompleteAsync(message ?? "Completed with warnings", CompletionState.CompletedWithWarning, cancellationToken).ConfigureAwait(false);
        return step;
    }

    /// <summary>Completes the step: it is done, and there is something to look at.</summary>
    public static async Task<IReportingStep> WarnAsync(this IReportingStep step, MarkdownString message, CancellationToken cancellationToken = default)
    {
        await step.CompleteAsync(message, CompletionState.CompletedWithWarning, cancellationToken).ConfigureAwait(false);
        return step;
    }

    /// <summary>Completes the step: it has failed.</summary>
    public static async Task<IReportingStep> FailAsync(this IReportingStep step, string? errorMessage = null, CancellationToken cancellationToken = default)
    {
        await step.CompleteAsync(errorMessage ?? "Failed", CompletionState.CompletedWithError, cancellationToken).ConfigureAwait(false);
        return step;
    }

    /// <summary>Completes the step: it has failed.</summary>
    public static async Task<IReportingStep> FailAsync(this IReportingStep step, MarkdownString errorMessage, CancellationToken cancellationToken = default)
    {
        await step.CompleteAsync(errorMessage, CompletionState.CompletedWithError, cancellationToken).ConfigureAwait(false);
        return step;
    }

    /// <summary>Completes the task: all is well.</summary>
    public static async Task<IReportingTask> SucceedAsync(this IReportingTask task, string? message = null, CancellationToken cancellationToken = default)
    {
        await task.CompleteAsync(message, CompletionState.Completed, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Completes the task: all is well.</summary>
    public static async Task<IReportingTask> SucceedAsync(this IReportingTask task, MarkdownString message, CancellationToken cancellationToken = default)
    {
        await task.CompleteAsync(message, CompletionState.Completed, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Completes the task: it is done, and there is something to look at.</summary>
    public static async Task<IReportingTask> WarnAsync(this IReportingTask task, string? message = null, CancellationToken cancellationToken = default)
    {
        await task.CompleteAsync(message, CompletionState.CompletedWithWarning, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Completes the task: it is done, and there is something to look at.</summary>
    public static async Task<IReportingTask> WarnAsync(this IReportingTask task, MarkdownString message, CancellationToken cancellationToken = default)
    {
        await task.CompleteAsync(message, CompletionState.CompletedWithWarning, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Completes the task: it has failed.</summary>
    public static async Task<IReportingTask> FailAsync(this IReportingTask task, string? errorMessage = null, CancellationToken cancellationToken = default)
    {
        await task.CompleteAsync(errorMessage, CompletionState.CompletedWithError, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Completes the task: it has failed.</summary>
    public static async Task<IReportingTask> FailAsync(this IReportingTask task, MarkdownString errorMessage, CancellationToken cancellationToken = default)
    {
        await task.CompleteAsync(errorMessage, CompletionState.CompletedWithError, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Says how the task gets on.</summary>
    public static async Task<IReportingTask> UpdateStatusAsync(this IReportingTask task, string statusText, CancellationToken cancellationToken = default)
    {
        await task.UpdateAsync(statusText, cancellationToken).ConfigureAwait(false);
        return task;
    }

    /// <summary>Says how the task gets on.</summary>
    public static async Task<IReportingTask> UpdateStatusAsync(this IReportingTask task, MarkdownString statusText, CancellationToken cancellationToken = default)
    {
        await task.UpdateAsync(statusText, cancellationToken).ConfigureAwait(false);
        return task;
    }
}
