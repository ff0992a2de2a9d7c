using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>Runs steps, each as soon as those before it are done. A failure holds up those after it and no others.</summary>
internal sealed class PipelineRun(PipelineGraph graph, PipelineContext context)
{
    private readonly IPipelineActivityReporter _reporter = context.Services.GetRequiredService<IPipelineActivityReporter>();

    private enum Outcome
    {
        Done,
        Failed,
        NotRun,
    }

    /// <summary>Runs the steps, which are in order.</summary>
    /// <exception cref="DistributedApplicationException">A step has failed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async Task ExecuteAsync(IReadOnlyList<PipelineStep> steps)
    {
        var runs = new Dictionary<string, Task<(PipelineStep Step, Outcome Outcome, Exception? Failure)>>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            var before = graph.Before(step).Select(name => runs[name]).ToArray();
            runs[step.Name] = Task.Run(async () =>
            {
                var outcomes = await Task.WhenAll(before);
                return outcomes.Any(run => run.Outcome != Outcome.Done) ? (step, Outcome.NotRun, null) : await RunAsync(step);
            });
        }

        var ended = await Task.WhenAll(runs.Values);
        context.CancellationToken.ThrowIfCancellationRequested();
        var failed = ended.Where(run => run.Outcome == Outcome.Failed).ToArray();
        if (failed.Length > 0)
        {
            var notRun = ended.Where(run => run.Outcome == Outcome.NotRun).Select(run => $"'{run.Step.Name}'").ToArray();
            throw new PipelineFailedException(
                string.Join(' ', failed.Select(run => $"Step '{run.Step.Name}' failed: {run.Failure!.Message}"))
                    + (notRun.Length > 0 ? $" (not run for that reason: {string.Join(", ", notRun)})" : string.Empty),
                failed[0].Failure!);
        }
    }

    private async Task<(PipelineStep Step, Outcome Outcome, Exception? Failure)> RunAsync(PipelineStep step)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            return (step, Outcome.NotRun, null);
        }

        await using var reporting = await _reporter.CreateStepAsync(step.Name, CancellationToken.None);
        using var shown = PipelineStepLog.ShowWith(reporting);
        try
        {
            await step.Action(new PipelineStepContext { PipelineContext = context, ReportingStep = reporting });
            return (step, Outcome.Done, null);
        }
        catch (OperationCanceledException exception) when (context.CancellationToken.IsCancellationRequested)
        {
            await reporting.FailAsync("Canceled", CancellationToken.None);
            return (step, Outcome.Failed, exception);
        }
        catch (Exception exception)
        {
            context.Logger.LogDebug(exception, "Step {Step} failed.", step.Name);
            await reporting.FailAsync(exception.Message, CancellationToken.None);
            return (step, Outcome.Failed, exception);
        }
    }
}
