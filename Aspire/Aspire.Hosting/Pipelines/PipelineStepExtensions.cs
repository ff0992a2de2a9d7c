using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>Puts several steps in order at once.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class PipelineStepExtensions
{
    /// <summary>Has every one of the steps run after a step, unless that is null.</summary>
    public static IEnumerable<PipelineStep> DependsOn(this IEnumerable<PipelineStep> steps, PipelineStep? step) =>
        step is null ? steps : steps.DependsOn(step.Name);

    /// <summary>Has every one of the steps run after the step of that name.</summary>
    public static IEnumerable<PipelineStep> DependsOn(this IEnumerable<PipelineStep> steps, string stepName)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (var step in steps)
        {
            step.DependsOn(stepName);
        }

        return steps;
    }

    /// <summary>Has every one of the steps run after each of the others.</summary>
    public static IEnumerable<PipelineStep> DependsOn(this IEnumerable<PipelineStep> steps, IEnumerable<PipelineStep> targetSteps)
    {
        ArgumentNullException.ThrowIfNull(targetSteps);
        foreach (var target in targetSteps)
        {
            steps.DependsOn(target.Name);
        }

        return steps;
    }

    /// <summary>Has every one of the steps run before a step, unless that is null.</summary>
    public static IEnumerable<PipelineStep> RequiredBy(this IEnumerable<PipelineStep> steps, PipelineStep? step) =>
        step is null ? steps : steps.RequiredBy(step.Name);

    /// <summary>Has every one of the steps run before the step of that name.</summary>
    public static IEnumerable<PipelineStep> RequiredBy(this IEnumerable<PipelineStep> steps, string stepName)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (var step in steps)
        {
            step.RequiredBy(stepName);
        }

        return steps;
    }

    /// <summary>Has every one of the steps run before each of the others.</summary>
    public static IEnumerable<PipelineStep> RequiredBy(this IEnumerable<PipelineStep> steps, IEnumerable<PipelineStep> targetSteps)
    {
        ArgumentNullException.ThrowIfNull(targetSteps);
        foreach (var target in targetSteps)
        {
            steps.RequiredBy(target.Name);
        }

        return steps;
    }
}
