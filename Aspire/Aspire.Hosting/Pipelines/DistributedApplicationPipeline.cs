using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Pipelines;

/// <summary>The steps that the builder, the author and the resources contribute.</summary>
internal sealed class DistributedApplicationPipeline : IDistributedApplicationPipeline
{
    private readonly List<PipelineStep> _steps = [];
    private readonly List<Func<PipelineConfigurationContext, Task>> _configurations = [];

    public void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(action);
        AddStep(new PipelineStep
        {
            Name = name,
            Action = action,
            DependsOnSteps = Names(dependsOn, nameof(dependsOn)),
            RequiredBySteps = Names(requiredBy, nameof(requiredBy)),
        });
    }

    public void AddStep(PipelineStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (_steps.Any(other => other.Name == step.Name))
        {
            throw new InvalidOperationException($"The pipeline has a step '{step.Name}' already.");
        }

        _steps.Add(step);
    }

    public void AddPipelineConfiguration(Func<PipelineConfigurationContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _configurations.Add(callback);
    }

    public async Task ExecuteAsync(PipelineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var graph = await ResolveAsync(context);
        var target = context.Services.GetRequiredService<IOptions<PipelineOptions>>().Value.Step;
        await new PipelineRun(graph, context).ExecuteAsync(graph.Needed(target));
    }

    /// <summary>Puts together the steps of everybody and makes sure that they can run.</summary>
    /// <exception cref="InvalidOperationException">They cannot.</exception>
    public async Task<PipelineGraph> ResolveAsync(PipelineContext context)
    {
        var steps = new List<PipelineStep>(_steps);
        foreach (var resource in context.Model.Resources)
        {
            foreach (var annotation in resource.Annotations.OfType<PipelineStepAnnotation>())
            {
                foreach (var step in await annotation.CreateStepsAsync(new PipelineStepFactoryContext { PipelineContext = context, Resource = resource }))
                {
                    step.Resource ??= resource;
                    steps.Add(step);
                }
            }
        }

        var configuration = new PipelineConfigurationContext { Services = context.Services, Model = context.Model, Steps = steps.AsReadOnly() };
        foreach (var configure in _configurations.Concat(
            context.Model.Resources.SelectMany(resource => resource.Annotations.OfType<PipelineConfigurationAnnotation>()).Select(annotation => annotation.Callback)))
        {
            await configure(configuration);
        }

        return new PipelineGraph(steps);
    }

    private static List<string> Names(object? names, string parameter) => names switch
    {
        null => [],
        string name => [name],
        IEnumerable<string> several => [.. several],
        _ => throw new ArgumentException($"A step's name or a sequence of names is needed, not a {names.GetType().Name}.", parameter),
    };
}
