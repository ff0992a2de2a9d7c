using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>What code that ties steps together gets to see.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineConfigurationContext
{
    /// <summary>The AppHost's services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>All steps of the pipeline.</summary>
    public required IReadOnlyList<PipelineStep> Steps { get; init; }

    /// <summary>The application.</summary>
    public required DistributedApplicationModel Model { get; init; }

    /// <summary>The steps with a tag.</summary>
    public IEnumerable<PipelineStep> GetSteps(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return Steps.Where(step => step.Tags.Contains(tag));
    }

    /// <summary>The steps of a resource.</summary>
    public IEnumerable<PipelineStep> GetSteps(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Steps.Where(step => step.Resource == resource);
    }

    /// <summary>The steps of a resource with a tag.</summary>
    public IEnumerable<PipelineStep> GetSteps(IResource resource, string tag) => GetSteps(resource).Intersect(GetSteps(tag));
}
