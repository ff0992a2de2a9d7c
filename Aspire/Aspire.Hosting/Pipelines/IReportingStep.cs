using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>A step on the screen. Disposing it completes it as its tasks have gone, unless it is complete already.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IReportingStep : IAsyncDisposable
{
    /// <summary>Begins a task of the step.</summary>
    /// <exception cref="InvalidOperationException">The step is complete.</exception>
    Task<IReportingTask> CreateTaskAsync(string statusText, CancellationToken cancellationToken = default);

    /// <summary>Begins a task of the step.</summary>
    /// <exception cref="InvalidOperationException">The step is complete.</exception>
    Task<IReportingTask> CreateTaskAsync(MarkdownString statusText, CancellationToken cancellationToken = default);

    /// <summary>Writes a line to the step's log; none once the step is complete.</summary>
    void Log(LogLevel logLevel, string message);

    /// <summary>Writes a line to the step's log; none once the step is complete.</summary>
    void Log(LogLevel logLevel, MarkdownString message);

    /// <summary>Completes the step; only the first time counts.</summary>
    Task CompleteAsync(string completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);

    /// <summary>Completes the step; only the first time counts.</summary>
    Task CompleteAsync(MarkdownString completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);
}
