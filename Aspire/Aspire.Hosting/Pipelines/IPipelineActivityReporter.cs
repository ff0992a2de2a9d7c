using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>Tells whoever watches, usually the aspire CLI, how the pipeline gets on.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IPipelineActivityReporter
{
    /// <summary>Begins a step.</summary>
    /// <param name="title">What it is called on the screen.</param>
    /// <param name="cancellationToken">Cancels the report.</param>
    Task<IReportingStep> CreateStepAsync(string title, CancellationToken cancellationToken = default);

    /// <summary>Begins a step that is shown under another.</summary>
    /// <param name="title">What it is called on the screen.</param>
    /// <param name="parentStepId">The title of the step above it; null for none.</param>
    /// <param name="hierarchyLevel">How many steps are above it.</param>
    /// <param name="cancellationToken">Cancels the report.</param>
    Task<IReportingStep> CreateStepAsync(string title, string? parentStepId, int hierarchyLevel, CancellationToken cancellationToken = default)
        => CreateStepAsync(title, cancellationToken);

    /// <summary>Tells that the whole pipeline has ended.</summary>
    /// <param name="options">How; by default as badly as the worst of its steps.</param>
    /// <param name="cancellationToken">Cancels the report.</param>
    Task CompletePublishAsync(PublishCompletionOptions? options = null, CancellationToken cancellationToken = default);
}
