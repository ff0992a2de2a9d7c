using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Backchannel;

/// <summary>Answers the calls of one client of the auxiliary socket. The names of the methods are those on the wire.</summary>
internal sealed class AuxiliaryCalls(AppHostState state)
{
    /// <summary>Since this capability, a property may have any JSON value.</summary>
    private const string JsonProperties = "aux.v3";

    /// <summary>How long a client that wants the dashboard's address waits for a dashboard that still starts.</summary>
    private static readonly TimeSpan TimeForDashboard = TimeSpan.FromSeconds(10);

    private static readonly Lazy<DateTimeOffset> StartedAt = new(() =>
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime);
    });

    private static readonly string[] Supported = ["aux.v1", "aux.v2", JsonProperties];

#pragma warning disable CA1822, IDE0060 // A call has a target and a request, whether it needs them or not.
    public Task<Capabilities> GetCapabilitiesAsync(Nothing? request = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Capabilities(Supported));

    public Task<AppHostInformation> GetAppHostInformationAsync(CancellationToken cancellationToken = default)
    {
        var info = Info();
        return Task.FromResult(new AppHostInformation(info.AppHostPath, Environment.ProcessId, info.CliProcessId, info.StartedAt, info.CliLogFilePath));
    }

    public Task<AppHostInfo> GetAppHostInfoAsync(Nothing? request = null, CancellationToken cancellationToken = default) => Task.FromResult(Info());

    public Task<DashboardUrls> GetDashboardUrlsAsync(CancellationToken cancellationToken = default) => state.DashboardUrlsAsync(TimeForDashboard, cancellationToken);

    public Task<DashboardInfo> GetDashboardInfoAsync(Nothing? request = null, CancellationToken cancellationToken = default) =>
        state.DashboardInfoAsync(TimeForDashboard, cancellationToken);

    public async Task<Readiness> WaitForAppHostReadyAsync(Nothing? request = null, CancellationToken cancellationToken = default)
    {
        await state.Ready.WaitAsync(cancellationToken);
        return new Readiness(IsReady: true);
    }

    public Task<CommandResult> ExecuteResourceCommandAsync(CommandRequest request, CancellationToken cancellationToken = default) =>
        state.ExecuteAsync(request, cancellationToken);
#pragma warning restore CA1822, IDE0060

    public async Task<ResourceList> GetResourcesAsync(ResourcesRequest? request = null, CancellationToken cancellationToken = default)
    {
        var secrets = await state.SecretsAsync(cancellationToken);
        return new ResourceList([.. state.Current().Where(change => Matches(change, request)).Select(change => ToMessage(change, secrets, request))]);
    }

    public async IAsyncEnumerable<ResourceMessage> WatchResourcesAsync(
        ResourcesRequest? request = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var secrets = await state.SecretsAsync(cancellationToken);
        await foreach (var change in state.Notifications.WatchAsync(cancellationToken))
        {
            if (Matches(change, request))
            {
                yield return ToMessage(change, secrets, request);
            }
        }
    }

    public async IAsyncEnumerable<LogBatch> GetConsoleLogBatchesAsync(
        ConsoleLogsRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, state.Stopping);
        var ids = request.ResourceName is { } name ? state.InstancesOf(name) : [.. state.Current().Where(c => request.IncludeHidden || !c.Snapshot.IsHidden).Select(c => c.ResourceId)];

        // Bounded, so that a client that reads slowly holds up its own reading and nothing else.
        var batches = Channel.CreateBounded<LogBatch>(ids.Count + 1);
        var readers = Task.WhenAll(ids.Select(id => ReadAsync(id, request, batches.Writer, reading.Token)));
        _ = readers.ContinueWith(_ => batches.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            await reading.CancelAsync();
            await readers;
        }
    }

    public async IAsyncEnumerable<LogMessage> GetConsoleLogsAsync(
        ConsoleLogsRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in GetConsoleLogBatchesAsync(request, cancellationToken))
        {
            foreach (var line in batch.Lines)
            {
                yield return line;
            }
        }
    }

    public async Task<WaitResult> WaitForResourceAsync(WaitRequest request, CancellationToken cancellationToken = default)
    {
        Func<CustomResourceSnapshot, bool>? reached = request.Status switch
        {
            "healthy" => snapshot => snapshot is { HealthStatus: HealthStatus.Healthy, ReadyHandlers: not null },
            "up" => snapshot => snapshot.State?.Text == KnownResourceStates.Running,
            "down" => snapshot => snapshot.IsOver,
            _ => null,
        };
        if (reached is null)
        {
            return new WaitResult(Success: false, ErrorMessage: $"Unknown status '{request.Status}'. There are healthy, up and down.");
        }

        var ids = state.InstancesOf(request.ResourceName);
        if (ids.Count == 0)
        {
            return new WaitResult(Success: false, ResourceNotFound: true, ErrorMessage: $"There is no resource '{request.ResourceName}'.");
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(request.TimeoutSeconds));
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var last = (await Task.WhenAll(ids.Select(id => WaitAsync(id, reached, waiting.Token))))[^1];
            return reached(last)
                ? new WaitResult(Success: true, last.State?.Text, last.HealthStatus?.ToString())
                : new WaitResult(Success: false, last.State?.Text, ErrorMessage: $"Resource '{request.ResourceName}' is {last.State?.Text}.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new WaitResult(
                Success: false, TimedOut: true, ErrorMessage: $"Resource '{request.ResourceName}' was not {request.Status} within {request.TimeoutSeconds} s.");
        }
    }

    public Task<Nothing> StopAsync(Nothing? request = null, CancellationToken cancellationToken = default)
    {
        state.Stop();
        return Task.FromResult(new Nothing());
    }

    public Task StopAppHostAsync(CancellationToken cancellationToken = default) => StopAsync(cancellationToken: cancellationToken);

    private static bool Matches(ResourceEvent change, ResourcesRequest? request) =>
        request?.Filter is not { Length: > 0 } filter || change.ResourceId.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static ResourceMessage ToMessage(ResourceEvent change, IReadOnlyCollection<string> secrets, ResourcesRequest? request) =>
        ResourceMessages.From(change, secrets, plainProperties: request?.ClientCapabilities?.Contains(JsonProperties, StringComparer.Ordinal) != true);

    private async Task ReadAsync(string id, ConsoleLogsRequest request, ChannelWriter<LogBatch> batches, CancellationToken cancellationToken)
    {
        try
        {
            var log = request.Follow ? state.Logs.WatchAsync(id) : state.Logs.GetAllAsync(id);
            var tail = request is { Follow: false, Tail: > 0 } ? request.Tail : null;
            var last = new Queue<LogMessage>();
            await foreach (var lines in log.WithCancellation(cancellationToken))
            {
                LogMessage[] found =
                [
                    .. lines.Where(line => request.Search is not { Length: > 0 } search || line.Content.Contains(search, StringComparison.OrdinalIgnoreCase))
                        .Select(line => new LogMessage(id, line.LineNumber, line.Content, line.IsErrorMessage)),
                ];
                if (tail is null)
                {
                    await batches.WriteAsync(new LogBatch(found), cancellationToken);
                    continue;
                }

                foreach (var line in found)
                {
                    last.Enqueue(line);
                    if (last.Count > tail)
                    {
                        last.Dequeue();
                    }
                }
            }

            if (last.Count > 0)
            {
                await batches.WriteAsync(new LogBatch([.. last]), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client has gone, or the AppHost stops.
        }
    }

    private async Task<CustomResourceSnapshot> WaitAsync(string id, Func<CustomResourceSnapshot, bool> reached, CancellationToken cancellationToken)
    {
        await foreach (var change in state.Notifications.WatchAsync(cancellationToken))
        {
            if (change.ResourceId == id && (reached(change.Snapshot) || change.Snapshot.IsOver))
            {
                return change.Snapshot;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private AppHostInfo Info() => new(
        Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        typeof(AuxiliaryCalls).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
        state.Path,
        int.TryParse(state.Setting("ASPIRE_CLI_PID"), CultureInfo.InvariantCulture, out var pid) ? pid : null,
        StartedAt.Value,
        state.Setting("ASPIRE_CLI_LOG_FILE"));
}
