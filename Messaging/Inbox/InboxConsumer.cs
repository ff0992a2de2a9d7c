using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trellis.Messaging.Registration;
using Trellis.Messaging.Telemetry;
using Trellis.Messaging.Transport;
using Trellis.ServiceDefaults.Health;

namespace Trellis.Messaging.Inbox;

/// <summary>Receives messages and has them handled: one after the other within a key, otherwise at the same time.</summary>
internal sealed partial class InboxConsumer<TContext>(
    StartupGate gate,
    Lazy<IMessageTransport> transport,
    InboxTransaction<TContext> inbox,
    MessageRegistry registry,
    MessagingIdentity identity,
    MessagingTelemetry telemetry,
    IFaultPoints faults,
    IOptions<MessagingOptions> options,
    TimeProvider time,
    ILogger<InboxConsumer<TContext>> logger) : PreparedService(gate)
    where TContext : DbContext
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (registry.HandledTypes.Count == 0)
        {
            return;
        }

        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await using var receiver = await transport.Value.SubscribeAsync(identity.Group, registry.HandledTypes, stoppingToken);
                await using var work = new InboxWork(receiver, options.Value, time, logger, (delivery, token) => HandleAsync(receiver, delivery, token));
                failures = 0;
                await ReceiveAsync(receiver, work, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                await PauseAsync(++failures, failure, stoppingToken);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task ReceiveAsync(IMessageReceiver receiver, InboxWork work, CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                var room = await work.RoomAsync(stoppingToken);
                var deliveries = await receiver.ReceiveAsync(room, stoppingToken);
                failures = 0;
                telemetry.Consumed.Add(deliveries.Count, new KeyValuePair<string, object?>("messaging.system", transport.Value.System));
                work.Add(deliveries);
            }
            catch (TransportUnavailableException failure) when (!failure.LostSubscriptions && !stoppingToken.IsCancellationRequested)
            {
                // What is in hand stays there: it can be acknowledged when the broker is back.
                await PauseAsync(++failures, failure, stoppingToken);
            }
        }
    }

    private async Task PauseAsync(int failures, Exception failure, CancellationToken stoppingToken)
    {
        var pause = BackOff.After(failures, FirstPause, LongestPause);
        LogAway(logger, failure.Message, pause);
        await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Settlement> HandleAsync(IMessageReceiver receiver, Delivery delivery, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var traced = Traced();
        using var span = StartSpan(delivery);
        try
        {
            if (delivery.Attempts > options.Value.MaxAttempts)
            {
                throw new UnhandlableMessageException(
                    $"Handed out {delivery.Attempts - 1} times without an answer: the consumers were killed or took longer than their lease", inner: null);
            }

            if (!await inbox.HandleAsync(delivery, cancellationToken))
            {
                telemetry.Duplicates.Add(1);
                span?.SetTag("trellis.messaging.duplicate", true);
            }

            faults.Reached(FaultPoint.ConsumerBetweenCommitAndAcknowledgement);
            return Settlement.Completed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Settlement.Returned;
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            span?.AddException(failure);
            return await FailAsync(receiver, delivery, failure, cancellationToken);
        }
        finally
        {
            telemetry.ProcessDuration.Record(
                time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("messaging.destination.name", delivery.Message.Type));
        }
    }

    private async Task<Settlement> FailAsync(IMessageReceiver receiver, Delivery delivery, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not UnhandlableMessageException && await inbox.IsDatabaseAwayAsync(failure, cancellationToken))
        {
            LogDatabaseAway(logger, delivery.Message.Type, delivery.Message.Id, failure.GetBaseException().Message);
            return Settlement.DatabaseAway;
        }

        if (failure is UnhandlableMessageException || delivery.Attempts >= options.Value.MaxAttempts)
        {
            var mine = await receiver.DeadLetterAsync(delivery, failure.ToString(), CancellationToken.None);
            telemetry.DeadLettered.Add(1);
            LogDead(logger, delivery.Message.Type, delivery.Message.Id, delivery.Attempts, failure);
            return mine ? Settlement.Settled : Settlement.Lost;
        }

        var pause = BackOff.After(delivery.Attempts, options.Value.RetryDelay, options.Value.MaxRetryDelay);
        LogRetry(logger, delivery.Message.Type, delivery.Message.Id, delivery.Attempts, pause, failure);
        telemetry.Retries.Add(1);
        await receiver.RetryAsync(delivery, pause, CancellationToken.None);
        return Settlement.Lost;
    }

    private Activity? StartSpan(Delivery delivery)
    {
        var message = delivery.Message;
        var span = MessagingTelemetry.Start("process", "process", ActivityKind.Consumer, message.Type, message.Id, MessagingTelemetry.ContextOf(message.Headers));
        span?.SetTag("messaging.system", transport.Value.System);
        span?.SetTag("messaging.consumer.group.name", identity.Group);
        span?.SetTag("messaging.message.conversation_id", message.Headers.GetValueOrDefault("correlationid"));
        span?.SetTag("messaging.message.body.size", message.Body.Length);
        return span;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker is away ({Reason}); trying again in {Pause}")]
    private static partial void LogAway(ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} {Id} waits until the database answers ({Reason})")]
    private static partial void LogDatabaseAway(ILogger logger, string type, Guid id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} {Id} failed at attempt {Attempt}; trying again in {Pause}")]
    private static partial void LogRetry(ILogger logger, string type, Guid id, int attempt, TimeSpan pause, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Type} {Id} is a dead letter after attempt {Attempts}")]
    private static partial void LogDead(ILogger logger, string type, Guid id, int attempts, Exception failure);
}
