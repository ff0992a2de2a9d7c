using System.Globalization;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trellis.Hosting.Testing;

/// <summary>Says of resources what a developer wants to know when a test has failed.</summary>
internal sealed class ResourceReport(DistributedApplication application)
{
    private const int LogLines = 20;

    /// <summary>After how many readings without a new line a log is taken to be complete: its two streams arrive one apart from the other.</summary>
    private const int LogReadings = 10;

    private static readonly TimeSpan LogInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the log of a resource may take to be read: a report must not hold a failed test up.</summary>
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(5);

    /// <summary>The states of a model's resources at this moment: one for every instance of each.</summary>
    public async Task<IReadOnlyList<ResourceEvent>> StatesAsync()
    {
        var states = new List<ResourceEvent>();
        using var over = new CancellationTokenSource();
        var watch = application.ResourceNotifications.WatchAsync(over.Token).GetAsyncEnumerator(over.Token);
        try
        {
            // What is known comes at once; what is waited for is a change.
            var next = watch.MoveNextAsync().AsTask();
            while (await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(100), over.Token)).ConfigureAwait(false) == next
                && await next.ConfigureAwait(false)
                && states.TrueForAll(state => state.ResourceId != watch.Current.ResourceId))
            {
                states.Add(watch.Current);
                next = watch.MoveNextAsync().AsTask();
            }

            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await watch.DisposeAsync().ConfigureAwait(false);
        }

        return states;
    }

    /// <summary>State, exit code, health and last lines of log of some resources.</summary>
    public async Task<string> DescribeAsync(IEnumerable<IResource> resources, IEnumerable<ResourceEvent> states)
    {
        var text = new StringBuilder();
        var known = states.ToLookup(state => state.Resource);
        foreach (var resource in resources)
        {
            if (!known.Contains(resource))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{resource.Name}: no state yet");
            }

            foreach (var state in known[resource])
            {
                await DescribeAsync(text, state).ConfigureAwait(false);
            }
        }

        return text.ToString();
    }

    private async Task DescribeAsync(StringBuilder text, ResourceEvent state)
    {
        var snapshot = state.Snapshot;
        var name = state.ResourceId == state.Resource.Name || state.ResourceId.StartsWith($"{state.Resource.Name}-", StringComparison.OrdinalIgnoreCase)
            ? state.ResourceId
            : $"{state.Resource.Name} ({state.ResourceId})";
        text.Append(name).Append(": ").Append(snapshot.State?.Text is { Length: > 0 } shown ? shown : "no state yet");
        if (snapshot.ExitCode is { } code)
        {
            text.Append(CultureInfo.InvariantCulture, $", exit code {code}");
        }

        text.AppendLine(snapshot.HealthStatus is { } health ? $", {health}" : "");
        if (state.Resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).ToArray() is { Length: > 0 } waits)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  waits for {string.Join(", ", waits)}");
        }

        foreach (var report in snapshot.HealthReports.Where(report => report.Status is not HealthStatus.Healthy))
        {
            var reason = report.Description ?? report.ExceptionText?.Split('\n')[0].Trim();
            text.AppendLine(CultureInfo.InvariantCulture, $"  health check {report.Name}: {report.Status?.ToString() ?? "no result yet"}{(reason is null ? "" : $": {reason}")}");
        }

        var log = await LogAsync(state).ConfigureAwait(false);
        text.AppendLine(log.Count == 0 ? "  its log is empty" : $"  the last lines of its log:");
        foreach (var line in log)
        {
            text.Append("    ").AppendLine(line.Content.TrimEnd());
        }
    }

    /// <summary>The last lines. Those of a process that has ended may still be on their way: its log is read until nothing comes any more.</summary>
    private async Task<IReadOnlyCollection<LogLine>> LogAsync(ResourceEvent state)
    {
        var log = new Queue<LogLine>();
        using var patience = new CancellationTokenSource(LogPatience);
        try
        {
            var unchanged = 0;
            do
            {
                var before = log.LastOrDefault();
                log = await ReadLogAsync(state.ResourceId, patience.Token).ConfigureAwait(false);
                unchanged = log.Count > 0 && log.Last() == before ? unchanged + 1 : 0;
                if (state.Snapshot.ExitCode is null || unchanged == LogReadings)
                {
                    break;
                }

                await Task.Delay(LogInterval, patience.Token).ConfigureAwait(false);
            }
            while (!patience.IsCancellationRequested);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Too slow, or the application has been disposed: what has been read so far is better than nothing.
        }

        return log;
    }

    private async Task<Queue<LogLine>> ReadLogAsync(string resourceId, CancellationToken cancellationToken)
    {
        var last = new Queue<LogLine>();
        var logs = application.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var lines in logs.GetAllAsync(resourceId).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var line in lines)
            {
                last.Enqueue(line);
                if (last.Count > LogLines)
                {
                    last.Dequeue();
                }
            }
        }

        return last;
    }
}
