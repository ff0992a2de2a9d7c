using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>How a pipeline has ended.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PublishCompletionOptions
{
    /// <summary>What to say; by default what fits the state.</summary>
    public string? CompletionMessage { get; set; }

    /// <summary>How it has ended; by default as badly as the worst of its steps.</summary>
    public CompletionState? CompletionState { get; set; }

    /// <summary>What to show below.</summary>
    public IReadOnlyList<PipelineSummaryItem>? PipelineSummary { get; set; }
}
