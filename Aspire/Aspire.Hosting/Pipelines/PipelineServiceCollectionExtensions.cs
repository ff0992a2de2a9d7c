using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Interactions;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>Registers publishing and deploying.</summary>
internal static class PipelineServiceCollectionExtensions
{
    /// <summary>The steps that every pipeline has.</summary>
    public static DistributedApplicationPipeline CreatePipeline()
    {
        var pipeline = new DistributedApplicationPipeline();
        pipeline.AddStep(new PipelineStep
        {
            Name = WellKnownPipelineSteps.ProcessParameters,
            Description = "Makes sure that every parameter has a value.",
            Action = ProcessParametersAsync,
            RequiredBySteps = [WellKnownPipelineSteps.PublishPrereq, WellKnownPipelineSteps.BuildPrereq, WellKnownPipelineSteps.DeployPrereq],
        });
        foreach (var goal in (string[])[WellKnownPipelineSteps.Publish, WellKnownPipelineSteps.Build, WellKnownPipelineSteps.Push, WellKnownPipelineSteps.Deploy])
        {
            AddGoal(pipeline, goal);
        }

        pipeline.AddStep(new PipelineStep
        {
            Name = ManifestPublisher.StepName,
            Description = "Writes the model as an Aspire manifest.",
            Action = context => context.Services.GetRequiredService<ManifestPublisher>().PublishAsync(context),
            RequiredBySteps = [WellKnownPipelineSteps.Publish],
        });
        return pipeline;
    }

    /// <summary>Adds the services that steps use, in every mode.</summary>
    public static void AddPipeline(this IServiceCollection services, IConfiguration configuration, DistributedApplicationPipeline pipeline)
    {
        services.AddSingleton<IDistributedApplicationPipeline>(pipeline);
        services.AddSingleton(pipeline);
        services.AddOptions<PipelineOptions>().Bind(configuration.GetSection("Pipeline"));
        services.AddSingleton<PipelineActivities>();
        services.AddSingleton<IPipelineActivityReporter>(provider => provider.GetRequiredService<PipelineActivities>());
        services.AddSingleton<IPipelineOutputService, PipelineOutput>();
    }

    /// <summary>Adds what runs the pipeline.</summary>
    /// <exception cref="DistributedApplicationException">The command line names a level of logging that there is not.</exception>
    public static void AddPipelineExecutor(this IServiceCollection services, IConfiguration configuration)
    {
        var text = configuration["Pipeline:LogLevel"] is { Length: > 0 } value ? value : nameof(LogLevel.Information);
        if (!Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level))
        {
            throw new DistributedApplicationException($"--log-level is '{text}'. It can be {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}.");
        }

        services.AddLogging(logging => logging.AddFilter<PipelineStepLog>(logged => logged >= level));
        services.AddSingleton<ILoggerProvider, PipelineStepLog>();
        services.AddSingleton<ManifestPublisher>();
        services.AddHostedService<PipelineExecutor>();
    }

    /// <summary>Adds a step that others are required by, and one that they depend on.</summary>
    private static void AddGoal(DistributedApplicationPipeline pipeline, string goal)
    {
        var prerequisite = new PipelineStep { Name = $"{goal}-prereq", Description = $"What steps for '{goal}' run after.", Action = _ => Task.CompletedTask };
        IReadOnlyList<PipelineStep> all = [];
        var step = new PipelineStep
        {
            Name = goal,
            Description = $"What steps for '{goal}' run before.",
            Action = context => all.Any(other => other.RequiredBySteps.Contains(goal)) || all.First(own => own.Name == goal).DependsOnSteps.Any(name => name != prerequisite.Name)
                ? Task.CompletedTask
                : context.ReportingStep.WarnAsync($"No step is required by '{goal}', so there is nothing to do.", context.CancellationToken),

            // As in Microsoft's pipeline, where pushing alone always runs after what it needs.
            DependsOnSteps = goal == WellKnownPipelineSteps.Push ? [prerequisite.Name] : [],
        };
        pipeline.AddStep(prerequisite);
        pipeline.AddStep(step);
        pipeline.AddPipelineConfiguration(context =>
        {
            all = context.Steps;
            return Task.CompletedTask;
        });
    }

    private static async Task ProcessParametersAsync(PipelineStepContext context)
    {
        var missing = new List<(ParameterResource Parameter, string Message)>();
        foreach (var parameter in context.Model.Resources.OfType<ParameterResource>())
        {
            try
            {
                await parameter.GetValueAsync(context.CancellationToken);
            }
            catch (MissingParameterValueException exception)
            {
                missing.Add((parameter, exception.Message));
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        var interactions = context.Services.GetRequiredService<IInteractionService>();
        if (!interactions.IsAvailable)
        {
            throw new DistributedApplicationException(string.Join(' ', missing.Select(one => one.Message)));
        }

        missing.ForEach(one => one.Parameter.Await());
        await new ParameterDialog(interactions, context.Services.GetRequiredService<UserSecretsManager>()).AskAtOnceAsync(
            missing.Select(one => one.Parameter),
            (parameter, value, _) =>
            {
                parameter.Give(value);
                return Task.CompletedTask;
            },
            context.CancellationToken);
    }
}
