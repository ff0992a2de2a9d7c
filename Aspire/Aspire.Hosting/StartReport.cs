using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>
/// Tells a developer who has only a terminal when to go ahead, what has failed and why, and what everything waits for when it takes long.
/// </summary>
internal sealed partial class StartReport(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    TimeProvider time,
    ILogger<DistributedApplication> logger)
{
    private const int LastLines = 10;
    private const int LongestLine = 500;

    /// <summary>After a failure: the last lines may still be on their way, and what failed with it is told with it.</summary>
    private static readonly TimeSpan TimeToFlush = TimeSpan.FromMilliseconds(500);

    /// <summary>A start that takes longer than this deserves an explanation.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _failed = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ResourceEvent> _untold = [];
    private HashSet<string> _awaited = [];

    /// <summary>Watches and tells until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _awaited = model.Resources
            .Where(resource => resource is not ParameterResource && resource.Name != DashboardResource.Name && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .Select(resource => resource.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var telling = new List<Task> { TellOfWaitingAsync(cancellationToken) };
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                // Of the dashboard its launcher tells.
                if (change.Resource.Name != DashboardResource.Name && Apply(change))
                {
                    telling.RemoveAll(task => task.IsCompleted);
                    telling.Add(TellOfFailuresAsync(cancellationToken));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops, or was disposed without being stopped.
        }

        await Task.WhenAll(telling);
    }

    /// <summary>Takes a change in; true when it is the first of the failures that are to be told together.</summary>
    private bool Apply(ResourceEvent change)
    {
        lock (_lock)
        {
            if (!HasFailed(change.Snapshot))
            {
                _failed.Remove(change.ResourceId);
            }
            else if (_failed.TryAdd(change.ResourceId, change))
            {
                _untold.Add(change);
                return _untold.Count == 1;
            }

            var isThere = change.Snapshot is { HealthStatus: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy } or { IsHidden: true };
            if (isThere && _awaited.Remove(change.Resource.Name) && _awaited.Count == 0)
            {
                logger.LogInformation("All resources are running and healthy.");
            }

            return false;
        }
    }

    private async Task TellOfFailuresAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(TimeToFlush, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ResourceEvent[] failures;
        lock (_lock)
        {
            failures = [.. _untold];
            _untold.Clear();
        }

        // A server, its process and its databases fail as one; the process is what has something to say.
        foreach (var family in failures.GroupBy(failure => RootOf(failure.Resource)))
        {
            var members = family.OrderByDescending(failure => EngineResource.Runs(failure.Resource)).ToArray();
            var told = Math.Max(1, members.Count(failure => EngineResource.Runs(failure.Resource)));
            var others = members[told..].Select(failure => failure.Resource.Name).ToArray();
            foreach (var failure in members[..told])
            {
                await TellAsync(failure, others);
                others = [];
            }
        }
    }

    private async Task TellAsync(ResourceEvent failure, IReadOnlyCollection<string> others)
    {
        var waiting = model.Resources
            .Where(resource => StateOf(resource) == KnownResourceStates.Waiting)
            .Where(resource => resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource.Name == failure.Resource.Name || others.Contains(wait.Resource.Name)))
            .Select(resource => resource.Name)
            .ToArray();
        var lines = await LastLinesAsync(failure.ResourceId);
        logger.Log(
            failure.Snapshot.State!.Text == KnownResourceStates.FailedToStart ? LogLevel.Error : LogLevel.Warning,
            "Resource '{Resource}' {What}.{Others}{Waiting}{Log}",
            failure.Resource.Name,
            failure.Snapshot.State.Text == KnownResourceStates.FailedToStart
                ? "could not be started"
                : $"does not run any more ({failure.Snapshot.StateAndExitCode})",
            others.Count == 0 ? string.Empty : $" With it failed {Names(others)}.",
            waiting.Length == 0 ? string.Empty : $" {Names(waiting)} {(waiting.Length == 1 ? "goes" : "go")} on waiting for it.",
            lines.Count == 0 ? " It wrote nothing." : " Its last lines:" + string.Concat(lines.Select(line => $"{Environment.NewLine}  {line}")));
    }

    private async Task TellOfWaitingAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var (told, patience) = (string.Empty, Patience); ; patience *= 2)
            {
                await Task.Delay(patience, time, cancellationToken);
                var waits = string.Concat(Obstacles().Select(obstacle => $"{Environment.NewLine}  {obstacle}"));
                if (waits != told && waits.Length > 0)
                {
                    logger.LogInformation("Not everything has started yet:{Waits}", waits);
                }

                told = waits;
            }
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops.
        }
    }

    private IEnumerable<string> Obstacles()
    {
        var waits = model.Resources
            .Where(resource => StateOf(resource) == KnownResourceStates.Waiting)
            .SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>().Select(wait => (Waiting: resource, Awaited: wait.Resource, Obstacle: ObstacleOf(wait.Resource, wait.WaitType))))
            .Where(wait => wait.Obstacle is not null)
            .ToArray();
        string[] silent;
        lock (_lock)
        {
            // What has failed was told when it did.
            silent = [.. _awaited.Except(_failed.Values.Select(failure => failure.Resource.Name), StringComparer.OrdinalIgnoreCase)];
        }

        var others = model.Resources
            .Where(resource => silent.Contains(resource.Name, StringComparer.OrdinalIgnoreCase) && StateOf(resource) != KnownResourceStates.Waiting)
            .Except(waits.Select(wait => wait.Awaited));
        return
        [
            .. waits.Select(wait => $"'{wait.Waiting.Name}' waits for '{wait.Awaited.Name}', which {wait.Obstacle}."),
            .. others.Select(other => (other.Name, Obstacle: ObstacleOf(other, WaitType.WaitUntilHealthy))).Where(other => other.Obstacle is not null).Select(other => $"'{other.Name}' {other.Obstacle}."),
        ];
    }

    private string? ObstacleOf(IResource resource, WaitType until)
    {
        if (!notifications.TryGetCurrentState(resource.GetInstanceIds()[0], out var change) || change.Snapshot.State is not { } state)
        {
            return "has not been started";
        }

        return state.Text != KnownResourceStates.Running ? $"is in the state {state.Text}"
            : until == WaitType.WaitForCompletion ? "has not ended"
            : until == WaitType.WaitUntilStarted ? null
            : change.Snapshot.HealthReports.FirstOrDefault(report => report.Status != Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy) is { } report
                ? $"runs but is not healthy ({report.Name}{(string.IsNullOrEmpty(report.Description) ? string.Empty : ": " + report.Description)})"
            : change.Snapshot.ReadyHandlers is { IsCompleted: true } ? null
            : "runs but is still being prepared";
    }

    private string? StateOf(IResource resource) =>
        notifications.TryGetCurrentState(resource.GetInstanceIds()[0], out var change) ? change.Snapshot.State?.Text : null;

    private async Task<IReadOnlyList<string>> LastLinesAsync(string resourceId)
    {
        var lines = new Queue<string>();
        await foreach (var batch in loggers.GetAllAsync(resourceId))
        {
            foreach (var line in batch)
            {
                // Without its time, and without what would confuse a terminal.
                var text = line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                text = TerminalControl().Replace(text.Length > LongestLine ? text[..LongestLine] + "..." : text, string.Empty);
                lines.Enqueue(text);
                if (lines.Count > LastLines)
                {
                    lines.Dequeue();
                }
            }
        }

        return [.. lines];
    }

    private static IResource RootOf(IResource resource)
    {
        var seen = new HashSet<IResource>(ReferenceEqualityComparer.Instance);
        while (seen.Add(resource) && ResourceNotificationService.ParentOf(resource) is { } parent)
        {
            resource = parent;
        }

        return resource;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static bool HasFailed(CustomResourceSnapshot snapshot)
        => snapshot.State?.Text == KnownResourceStates.FailedToStart
            || (snapshot.IsOver && snapshot.ExitCode is not (null or 0));

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]|[\x00-\x08\x0A-\x1F\x7F-\x9F]", RegexOptions.ExplicitCapture)]
    private static partial Regex TerminalControl();
}
