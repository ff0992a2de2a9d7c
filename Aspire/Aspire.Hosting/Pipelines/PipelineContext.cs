using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>One run of the pipeline.</summary>
/// <param name="model">The application.</param>
/// <param name="executionContext">What the AppHost does.</param>
/// <param name="serviceProvider">The AppHost's services.</param>
/// <param name="logger">Where the run logs to.</param>
/// <param name="cancellationToken">Ends the run.</param>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineContext(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IServiceProvider serviceProvider,
    ILogger logger,
    CancellationToken cancellationToken)
{
    /// <summary>The application.</summary>
    public DistributedApplicationModel Model { get; } = model;

    /// <summary>What the AppHost does.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services { get; } = serviceProvider;

    /// <summary>Where the run logs to. What a step writes there is shown with the step.</summary>
    public ILogger Logger { get; } = logger;

    /// <summary>Ends the run.</summary>
    public CancellationToken CancellationToken { get; set; } = cancellationToken;

    /// <summary>What is shown when all is done.</summary>
    public PipelineSummary Summary { get; } = new();
}
