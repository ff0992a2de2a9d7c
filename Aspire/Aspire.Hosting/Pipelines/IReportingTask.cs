using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>A part of a step on the screen. Disposing it completes it, unless it is complete already.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IReportingTask : IAsyncDisposable
{
    /// <summary>Says how it gets on.</summary>
    /// <exception cref="InvalidOperationException">The step is complete.</exception>
    Task UpdateAsync(string statusText, CancellationToken cancellationToken = default);

    /// <summary>Says how it gets on.</summary>
    /// <exception cref="InvalidOperationException">The step is complete.</exception>
    Task UpdateAsync(MarkdownString statusText, CancellationToken cancellationToken = default);

    /// <summary>Completes the task; only the first time counts.</summary>
    /// <exception cref="InvalidOperationException">The step is complete.</exception>
    Task CompleteAsync(string? completionMessage = null, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);

    /// <summary>Completes the task; only the first time counts.</summary>
    /// <exception cref="InvalidOperationException">The step is complete.</exception>
    Task CompleteAsync(MarkdownString completionMessage, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);
}
