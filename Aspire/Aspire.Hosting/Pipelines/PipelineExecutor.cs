using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Pipelines;

/// <summary>Runs the pipeline, or shows it to the CLI, and ends the AppHost.</summary>
internal sealed class PipelineExecutor(
    IDistributedApplicationPipeline pipeline,
    IPipelineActivityReporter reporter,
    IOptions<PipelineOptions> options,
    IConfiguration configuration,
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IDistributedApplicationEventing eventing,
    BackchannelService backchannel,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<PipelineExecutor> logger) : BackgroundService
{
    private bool OnlyShows => string.Equals(configuration["AppHost:Operation"], "inspect", StringComparison.OrdinalIgnoreCase);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever subscribes or waits while the host still starts must not hold it up.
        await Task.Yield();
        try
        {
            if (!OnlyShows)
            {
                await RunAsync(stoppingToken);
            }

            // The CLI reads to the end and then asks to stop.
            await backchannel.UntilClientLeavesAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            ChooseStep();
            var context = new PipelineContext(model, executionContext, services, logger, cancellationToken);
            await eventing.PublishAsync(new BeforePublishEvent(services, model), cancellationToken);
            await pipeline.ExecuteAsync(context);
            await eventing.PublishAsync(new AfterPublishEvent(services, model), cancellationToken);
            await reporter.CompletePublishAsync(new PublishCompletionOptions { PipelineSummary = context.Summary.Items }, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Environment.ExitCode = 1;
            await FailAsync("Canceled");
            throw;
        }
        catch (Exception exception)
        {
            logger.LogError("Failed to publish the distributed application: {Message}", exception.Message);
            Environment.ExitCode = 1;
            if (exception is not PipelineFailedException)
            {
                // The CLI shows why a step has failed, but not why the pipeline has.
                await using var step = await reporter.CreateStepAsync("pipeline", CancellationToken.None);
                await step.FailAsync(exception.Message, CancellationToken.None);
            }

            await FailAsync(exception.Message);
        }
    }

    /// <summary>Without a step on the command line there is the manifest, as azd asks for it.</summary>
    private void ChooseStep()
    {
        if (options.Value.Step is { Length: > 0 })
        {
            return;
        }

        if (executionContext.PublisherName != "manifest")
        {
            throw new DistributedApplicationException($"There is no publisher named '{executionContext.PublisherName}'. Use --publisher manifest.");
        }

        options.Value.Step = ManifestPublisher.StepName;
        if (options.Value.OutputPath is not { Length: > 0 })
        {
            throw new DistributedApplicationException("The '--output-path [path]' option was not specified.");
        }
    }

    private Task FailAsync(string message) => reporter.CompletePublishAsync(
        new PublishCompletionOptions { CompletionMessage = message, CompletionState = CompletionState.CompletedWithError }, CancellationToken.None);
}
