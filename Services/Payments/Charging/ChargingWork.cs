using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Shop.Payments.Data;
using Shop.Payments.Provider;
using Trellis.ServiceDefaults.Errors;

namespace Shop.Payments.Charging;

/// <summary>
/// Asks the provider about payments that are due, outside of any transaction. Killed in between, it leaves payments whose outcome is unknown; they are due
/// again when their lease is over. Asking twice does no harm: the provider is first asked what it knows, and then with the same idempotency key.
/// </summary>
internal sealed partial class ChargingWork(
    DuePayments due,
    DueSignal signal,
    ProviderClient provider,
    DatabasePreparation preparation,
    PaymentMetrics metrics,
    IOptions<ChargingSettings> settings,
    TimeProvider time,
    ILogger<ChargingWork> logger) : BackgroundService
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(5);

    /// <summary>Of the lease; the rest is for putting down what came of it.</summary>
    private const double TimeToAsk = 0.8;

    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private long _countedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.Done.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var room = settings.Value.Concurrency - _running.Count;
                var taken = room > 0 ? await due.TakeAsync(room, stoppingToken) : [];
                foreach (var payment in taken)
                {
                    Start(payment, stoppingToken);
                }

                await CountAsync(stoppingToken);
                if (room <= 0 || taken.Count < room)
                {
                    await signal.WaitAsync(settings.Value.PollInterval, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(logger, failure.GetBaseException().Message);
                await signal.WaitAsync(settings.Value.PollInterval, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The service stops.
            }
        }

        await Task.WhenAll(_running.Values);
    }

    private void Start(Payment payment, CancellationToken stoppingToken)
    {
        // One that is still at work here though its lease was over has just got another one.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(payment.OrderId, RunAsync()))
        {
            begin.SetResult();
        }

        async Task RunAsync()
        {
            await begin.Task;
            try
            {
                await AskAndRecordAsync(payment, stoppingToken);
            }
            finally
            {
                _running.TryRemove(payment.OrderId, out _);
                signal.Set();
            }
        }
    }

    private async Task AskAndRecordAsync(Payment payment, CancellationToken stoppingToken)
    {
        using var span = PaymentMetrics.Source.StartActivity(
            payment.State == PaymentState.Captured ? "refund" : "charge", ActivityKind.Internal, payment.TraceParent);
        span?.SetTag("shop.order.id", payment.OrderId);
        span?.SetTag("shop.payments.attempt", payment.Attempts);
        try
        {
            var answer = await AskAsync(payment, stoppingToken);
            if (answer.Outcome == ProviderOutcome.Open)
            {
                span?.SetTag("shop.payments.outcome", answer.Reason);
                metrics.StayedUnknown(answer.Reason ?? "open");
                await due.PutBackAsync(payment, stoppingToken.IsCancellationRequested ? TimeSpan.Zero : null, CancellationToken.None);
            }
            else
            {
                await due.RecordAsync(payment.OrderId, answer, CancellationToken.None);
            }
        }
        catch (Exception failure)
        {
            // The database's: the payment is due again when its lease is over, and what the provider did then is asked for.
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            LogLater(logger, failure.GetBaseException().Message);
        }
    }

    private async Task<ProviderAnswer> AskAsync(Payment payment, CancellationToken stoppingToken)
    {
        using var over = new CancellationTokenSource(settings.Value.Lease * TimeToAsk, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stoppingToken);
        try
        {
            if (payment.State == PaymentState.Captured)
            {
                return await provider.RefundAsync(payment, either.Token);
            }

            // The second time the first may have been carried out. The provider forgets idempotency keys some day, but no charge.
            return (payment.Attempts > 1 ? await provider.FindAsync(payment, either.Token) : null) ?? await provider.ChargeAsync(payment, either.Token);
        }
        catch (DependencyUnavailableException leftAlone) when (leftAlone.RetryAfter is not null)
        {
            // The breaker is open, which is told elsewhere, once and not for every payment.
            return ProviderAnswer.Open("left-alone");
        }
        catch (Exception failure)
        {
            if (!stoppingToken.IsCancellationRequested)
            {
                LogUnknown(logger, payment.OrderId, failure.GetBaseException().Message);
            }

            return ProviderAnswer.Open("no-answer");
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        if (_countedAt == 0 || time.GetElapsedTime(_countedAt) >= CountInterval)
        {
            _countedAt = time.GetTimestamp();
            metrics.Open = await due.CountAsync(cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outcome of order {OrderId}'s payment is unknown ({Reason}); it will be asked for")]
    private static partial void LogUnknown(ILogger logger, Guid orderId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due payments have to wait ({Reason})")]
    private static partial void LogLater(ILogger logger, string reason);
}
