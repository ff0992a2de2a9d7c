using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>What a step gets when it runs.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineStepContext
{
    /// <summary>The run that the step is part of.</summary>
    public required PipelineContext PipelineContext { get; init; }

    /// <summary>The step on the screen.</summary>
    public required IReportingStep ReportingStep { get; init; }

    /// <summary>The application.</summary>
    public DistributedApplicationModel Model => PipelineContext.Model;

    /// <summary>What the AppHost does.</summary>
    public DistributedApplicationExecutionContext ExecutionContext => PipelineContext.ExecutionContext;

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services => PipelineContext.Services;

    /// <summary>The log, whose lines are shown with the step.</summary>
    public ILogger Logger => PipelineContext.Logger;

    /// <summary>Ends the run.</summary>
    public CancellationToken CancellationToken => PipelineContext.CancellationToken;

    /// <summary>What is shown when all is done.</summary>
    public PipelineSummary Summary => PipelineContext.Summary;
}
