using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>A step of publishing or deploying.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineStep
{
    /// <summary>Its name, by which <c>aspire do</c> runs it and other steps refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What it does.</summary>
    public required Func<PipelineStepContext, Task> Action { get; init; }

    /// <summary>The names of the steps that it runs after.</summary>
    public List<string> DependsOnSteps { get; init; } = [];

    /// <summary>The names of the steps that run after it.</summary>
    public List<string> RequiredBySteps { get; init; } = [];

    /// <summary>Words by which others find it; <see cref="WellKnownPipelineTags"/> has some.</summary>
    public List<string> Tags { get; init; } = [];

    /// <summary>The resource that it belongs to; null for none.</summary>
    public IResource? Resource { get; set; }

    /// <summary>Has it run after the step of that name.</summary>
    public void DependsOn(string stepName)
    {
        ArgumentNullException.ThrowIfNull(stepName);
        DependsOnSteps.Add(stepName);
    }

    /// <summary>Has it run after another.</summary>
    public void DependsOn(PipelineStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        DependsOn(step.Name);
    }

    /// <summary>Has the step of that name run after it.</summary>
    public void RequiredBy(string stepName)
    {
        ArgumentNullException.ThrowIfNull(stepName);
        RequiredBySteps.Add(stepName);
    }

    /// <summary>Has another run after it.</summary>
    public void RequiredBy(PipelineStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        RequiredBy(step.Name);
    }
}
