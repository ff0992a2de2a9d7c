using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trellis.Messaging.Telemetry;
using Trellis.Messaging.Transport;
using Trellis.ServiceDefaults.Health;

namespace Trellis.Messaging.Outbox;

/// <summary>Sends what is in the outbox, and deletes it once the broker has confirmed it.</summary>
internal sealed partial class OutboxRelay<TContext>(
    StartupGate gate,
    IServiceScopeFactory scopes,
    Lazy<IMessageTransport> transport,
    OutboxWake wake,
    MessagingTelemetry telemetry,
    IFaultPoints faults,
    IOptions<MessagingOptions> options,
    TimeProvider time,
    ILogger<OutboxRelay<TContext>> logger) : PreparedService(gate)
    where TContext : DbContext
{
    /// <summary>How often a row is sent that the broker neither takes nor refuses, while it takes others.</summary>
    private const int MaxAttempts = 5;

    private static readonly short[] All = [.. Enumerable.Range(0, OutboxMessage.Partitions).Select(number => (short)number)];
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SharedPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Relay)
        {
            return;
        }

        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await SendAllAsync(() => failures = 0, stoppingToken);
                failures = 0;
                await wake.WaitAsync(options.Value.PollInterval, time, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                wake.Committed();
                var pause = BackOff.After(++failures, FirstPause, LongestPause);
                telemetry.PublishFailed.Add(1);
                LogFailed(logger, failure.GetBaseException().Message, pause, failures);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Sends until nothing is left that is not in the hands of another relay.</summary>
    private async Task SendAllAsync(Action succeeded, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        var table = database.TableOf<OutboxMessage>("outbox");
        var due = wake.Take() ?? await OutboxBatch.FindAsync(database, table, options.Value.RelayBatch, cancellationToken);
        while (due.Length > 0)
        {
            var (shared, more, sent) = (false, false, false);

            // Half of the partitions at a time, so that two relays find work for both.
            Random.Shared.Shuffle(due);
            foreach (var half in due.Chunk((due.Length + 1) / 2))
            {
                await using var batch = await OutboxBatch.TakeAsync(database, table, half, options.Value.RelayBatch, cancellationToken);
                (shared, more) = (shared || batch.Shared, more || batch.IsFull);
                if (batch.Rows.Count > 0)
                {
                    await SendAsync(batch, cancellationToken);
                    succeeded();
                    sent = true;
                }
            }

            if (!shared && !more)
            {
                // What was committed meanwhile wakes again.
                return;
            }

            if (shared && !sent)
            {
                // What another relay holds may have been joined by rows that it has not seen.
                await Task.Delay(SharedPause, time, cancellationToken);
            }

            // Where another relay is at work, what it holds may be in front of all else.
            due = shared ? [.. All] : await OutboxBatch.FindAsync(database, table, options.Value.RelayBatch, cancellationToken);
        }
    }

    private async Task SendAsync(OutboxBatch batch, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PublishTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var spans = batch.Rows.Select(StartSpan).ToArray();
        try
        {
            var messages = batch.Rows.Select((row, index) => Traced(row.Message, spans[index])).ToArray();
            var outcome = await PublishAsync(messages, batch.Rows, either.Token);
            faults.Reached(FaultPoint.RelayBetweenPublishAndCommit);

            await batch.DeleteAsync(outcome.Sent, CancellationToken.None);
            foreach (var (id, reason) in outcome.Failed)
            {
                await batch.FailAsync(id, reason, CancellationToken.None);
                telemetry.PublishFailed.Add(1);
                if (reason is not null)
                {
                    LogParked(logger, id, reason);
                }
            }

            await batch.CommitAsync(CancellationToken.None);
            telemetry.Published.Add(outcome.Sent.Length, new KeyValuePair<string, object?>("messaging.system", transport.Value.System));
            if (outcome.Failure is { } failure)
            {
                throw new InvalidOperationException("Some messages could not be sent", failure);
            }
        }
        catch (OperationCanceledException late) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"The broker did not confirm within {PublishTimeout.TotalSeconds:0} s", late);
        }
        finally
        {
            // What ends untraced is not exported either.
            using var traced = Traced();
            foreach (var span in spans)
            {
                span?.Dispose();
            }
        }
    }

    private async Task<Outcome> PublishAsync(TransportMessage[] messages, IReadOnlyList<OutboxBatch.Row> rows, CancellationToken cancellationToken)
    {
        try
        {
            var refused = await transport.Value.PublishAsync(messages, cancellationToken);
            return new Outcome(
                [.. messages.Where((_, index) => !refused.ContainsKey(index)).Select(message => message.Id)],
                [.. refused.Select(one => (messages[one.Key].Id, (string?)one.Value))],
                Failure: null);
        }
        catch (Exception failure) when (failure is not (TransportUnavailableException or OperationCanceledException))
        {
            return await PublishOneByOneAsync(messages, rows, cancellationToken);
        }
    }

    // One message must not hold up the others for ever; those of its own key wait for it until it is parked.
    private async Task<Outcome> PublishOneByOneAsync(
        TransportMessage[] messages, IReadOnlyList<OutboxBatch.Row> rows, CancellationToken cancellationToken)
    {
        List<Guid> sent = [];
        List<(Guid, string?)> failed = [];
        HashSet<string> held = [];
        Exception? last = null;
        for (var index = 0; index < messages.Length; index++)
        {
            var message = messages[index];
            if (message.PartitionKey is { } key && held.Contains(key))
            {
                continue;
            }

            try
            {
                var refused = await transport.Value.PublishAsync([message], cancellationToken);
                if (refused.TryGetValue(0, out var reason))
                {
                    failed.Add((message.Id, reason));
                }
                else
                {
                    sent.Add(message.Id);
                }
            }
            catch (Exception failure) when (failure is not (TransportUnavailableException or OperationCanceledException))
            {
                last = failure;
                var parked = rows[index].Attempts + 1 >= MaxAttempts;
                failed.Add((message.Id, parked ? failure.ToString() : null));
                if (!parked && message.PartitionKey is { } heldKey)
                {
                    held.Add(heldKey);
                }
            }
        }

        return new Outcome([.. sent], failed, last);
    }

    private Activity? StartSpan(OutboxBatch.Row row)
    {
        var parent = MessagingTelemetry.ContextOf(row.Message.Headers);
        if (parent == default)
        {
            return null;
        }

        var current = Activity.Current;
        using var traced = Traced();
        var span = MessagingTelemetry.Start("send", "send", ActivityKind.Client, row.Message.Type, row.Message.Id, parent);
        span?.SetTag("messaging.system", transport.Value.System);
        Activity.Current = current;
        return span;
    }

    private static TransportMessage Traced(TransportMessage message, Activity? span) => span is null
        ? message
        : message with { Headers = new Dictionary<string, string>(message.Headers, StringComparer.Ordinal) { ["traceparent"] = span.Id! } };

    private sealed record Outcome(Guid[] Sent, IReadOnlyList<(Guid Id, string? ParkedReason)> Failed, Exception? Failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be sent ({Reason}); trying again in {Pause} (failure {Failures})")]
    private static partial void LogFailed(ILogger logger, string reason, TimeSpan pause, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} is parked in the outbox: {Reason}")]
    private static partial void LogParked(ILogger logger, Guid id, string reason);
}
