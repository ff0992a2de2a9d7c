using System.Diagnostics;
using Hangfire;
using Shop.Fulfilment.Jobs;
using Shop.Fulfilment.Shipments;

namespace Shop.Fulfilment.Carrier;

/// <summary>
/// Asks the carrier about a shipment that was taken, outside of any transaction. Killed in between, it leaves one whose outcome is unknown; it is due again
/// when its lease is over. Asking twice does no harm.
/// </summary>
internal sealed partial class HandOver(
    DueShipments due, CarrierClient carrier, IBackgroundJobClient jobs, ShipmentMetrics metrics, TimeProvider time, ILogger<HandOver> logger)
{
    /// <summary>Of what is left of the lease; the rest is for putting down what came of it.</summary>
    private const double TimeToAsk = 0.8;

    /// <summary>Hangfire keeps the time of a job in whole seconds, rounded down: without one more it comes before the shipment is due, and finds nothing to do.</summary>
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(1);

    /// <summary>Asks once. What stays unknown is left to a job.</summary>
    public async Task<CarrierOutcome> TryAsync(Shipment taken, CancellationToken stopping)
    {
        using var span = ShipmentMetrics.Source.StartActivity(
            taken.State == ShipmentState.Withdrawing ? "withdraw" : "hand over", ActivityKind.Internal, taken.TraceParent);
        span?.SetTag("shop.order.id", taken.OrderId);
        span?.SetTag("shop.fulfilment.attempt", taken.Attempts);
        try
        {
            var answer = await AskAsync(taken, stopping);
            span?.SetTag("shop.fulfilment.outcome", answer.Outcome.ToString());
            if (answer.Outcome == CarrierOutcome.Unknown)
            {
                metrics.StayedUnknown();
                span?.SetStatus(ActivityStatusCode.Error, answer.Reason);
                await LeaveToJobAsync(taken, stopping);
            }
            else
            {
                await due.RecordAsync(taken, answer, CancellationToken.None);
            }

            return answer.Outcome;
        }
        catch (Exception failure)
        {
            // The database's: the shipment is due again when its lease is over, and the carrier is asked again then.
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            LogLater(logger, taken.OrderId, failure.GetBaseException().Message);
            return CarrierOutcome.Unknown;
        }
    }

    private async Task<CarrierAnswer> AskAsync(Shipment taken, CancellationToken stopping)
    {
        var left = (taken.DueAt!.Value - time.GetUtcNow()) * TimeToAsk;
        if (left <= TimeSpan.Zero)
        {
            return CarrierAnswer.Unknown("It waited for longer than its lease.");
        }

        using var over = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        try
        {
            return taken.State == ShipmentState.Withdrawing
                ? await carrier.WithdrawAsync(taken.OrderId, either.Token)
                : await carrier.ShipAsync(taken, either.Token);
        }
        catch (Exception failure)
        {
            if (!stopping.IsCancellationRequested)
            {
                LogUnknown(logger, taken.OrderId, failure.GetBaseException().Message);
            }

            return CarrierAnswer.Unknown(failure.GetBaseException().Message);
        }
    }

    private async Task LeaveToJobAsync(Shipment taken, CancellationToken stopping)
    {
        if (await due.PutBackAsync(taken, stopping.IsCancellationRequested, CancellationToken.None) is { } pause)
        {
            jobs.Schedule<CarrierRetry>(retry => retry.RunAsync(taken.OrderId, CancellationToken.None), pause + Precision);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the carrier has order {OrderId} is not known ({Reason}); a job asks again")]
    private static partial void LogUnknown(ILogger logger, Guid orderId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the carrier does with order {OrderId} is put down later ({Reason})")]
    private static partial void LogLater(ILogger logger, Guid orderId, string reason);
}
