using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>For whom steps are made.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineStepFactoryContext
{
    /// <summary>The run that the steps are part of.</summary>
    public required PipelineContext PipelineContext { get; init; }

    /// <summary>The resource that the steps belong to.</summary>
    public required IResource Resource { get; init; }
}
