using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>The steps of publishing and deploying, and what comes before what.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IDistributedApplicationPipeline
{
    /// <summary>Adds a step.</summary>
    /// <param name="name">Its name, by which <c>aspire do</c> runs it; no two steps have the same.</param>
    /// <param name="action">What it does.</param>
    /// <param name="dependsOn">The name of the step that it runs after, or a sequence of names.</param>
    /// <param name="requiredBy">The name of the step that runs after it, or a sequence of names.</param>
    /// <exception cref="InvalidOperationException">There is a step of that name already.</exception>
    /// <exception cref="ArgumentException">What is given for other steps is neither a name nor a sequence of names.</exception>
    void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null);

    /// <summary>Adds a step.</summary>
    /// <exception cref="InvalidOperationException">There is a step of that name already.</exception>
    void AddStep(PipelineStep step);

    /// <summary>Has code look at all steps, those of resources included, and tie them together, before any of them runs.</summary>
    void AddPipelineConfiguration(Func<PipelineConfigurationContext, Task> callback);

    /// <summary>Runs the step that the command line names with all that it depends on, or all steps if it names none.</summary>
    /// <exception cref="InvalidOperationException">The steps do not fit together, or one has failed.</exception>
    Task ExecuteAsync(PipelineContext context);
}
