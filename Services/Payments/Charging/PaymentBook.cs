using System.Diagnostics;
using Shop.Payments.Contract;
using Shop.Payments.Data;
using Shop.Payments.Provider;
using Trellis.Messaging;

namespace Shop.Payments.Charging;

/// <summary>
/// Keeps what has become of each order's payment. Works in the caller's transaction, never asks the provider, and locks the order's row before it decides:
/// commands, the provider's answers and its callbacks come in any order and more than once.
/// </summary>
internal sealed class PaymentBook(PaymentsDbContext database, IMessagePublisher publisher, PaymentMetrics metrics, TimeProvider time)
{
    private const int LengthOfCurrency = 3;

    public async Task CaptureAsync(CapturePayment command, Guid messageId, CancellationToken cancellationToken)
    {
        if (await FindAsync(command.OrderId, cancellationToken) is { } known)
        {
            await AnswerAsync(known, messageId, cancellationToken);
            return;
        }

        var payment = Begin(command.OrderId, command.Amount, messageId);
        if (WhatIsWrong(command) is { } reason)
        {
            payment.Decline(chargeId: null, reason);
            metrics.Settled(payment, time.GetUtcNow());
            await AnswerAsync(payment, messageId, cancellationToken);
            return;
        }

        payment.Token = command.PaymentToken;
        payment.Await(time.GetUtcNow());
    }

    public async Task RefundAsync(RefundPayment command, Guid messageId, CancellationToken cancellationToken)
    {
        // An order that is refunded before it is charged has come late, and must not be charged any more.
        var payment = await FindAsync(command.OrderId, cancellationToken) ?? Begin(command.OrderId, amount: null, messageId);
        if (!payment.RefundRequested)
        {
            payment.RequestRefund(Storable(command.Reason), time.GetUtcNow());
            (payment.CausedBy, payment.TraceParent) = (messageId, Activity.Current?.Id);
            if (payment.State == PaymentState.Refunded)
            {
                metrics.Settled(payment, time.GetUtcNow());
            }
        }

        await AnswerAsync(payment, messageId, cancellationToken);
    }

    /// <summary>Takes over what the provider says about an order, unless it is known already.</summary>
    /// <returns>Whether it was news.</returns>
    public async Task<bool> RecordAsync(Guid orderId, ProviderAnswer answer, CancellationToken cancellationToken)
    {
        if (await database.LockPaymentAsync(orderId, cancellationToken) is not { } payment || !Apply(payment, answer))
        {
            return false;
        }

        using var span = ContinueTraceOf(payment);
        metrics.Settled(payment, time.GetUtcNow());
        await AnswerAsync(payment, payment.CausedBy, cancellationToken);
        return true;
    }

    // A callback comes in a trace of the provider's. What follows from it belongs to the order's.
    private static Activity? ContinueTraceOf(Payment payment)
    {
        if (Activity.Current is not { } current || payment.TraceParent?.Contains(current.TraceId.ToHexString(), StringComparison.Ordinal) != false)
        {
            return null;
        }

        return PaymentMetrics.Source.StartActivity("callback", ActivityKind.Internal, payment.TraceParent, links: [new ActivityLink(current.Context)]);
    }

    private bool Apply(Payment payment, ProviderAnswer answer)
    {
        switch (payment.State, answer.Outcome)
        {
            case (PaymentState.Charging, ProviderOutcome.Captured):
                payment.Capture(answer.ChargeId!, answer.Amount, time.GetUtcNow());
                return true;
            case (PaymentState.Charging, ProviderOutcome.Declined):
                payment.Decline(answer.ChargeId, answer.Reason ?? "declined");
                return true;
            case (PaymentState.Captured, ProviderOutcome.Refunded) when payment.RefundRequested && answer.Amount == payment.Captured:
                payment.Refund();
                return true;
            default:
                return false;
        }
    }

    private Task<Payment?> FindAsync(Guid orderId, CancellationToken cancellationToken) => orderId == Guid.Empty
        ? throw new ArgumentException("The order has no id.", nameof(orderId))
        : database.LockPaymentAsync(orderId, cancellationToken);

    private Payment Begin(Guid orderId, Money? amount, Guid messageId)
    {
        var payment = new Payment
        {
            OrderId = orderId,
            Amount = amount?.Amount ?? 0,
            Currency = IsCurrency(amount?.Currency) ? amount!.Currency : Payment.NoCurrency,
            RequestedAt = time.GetUtcNow(),
            CausedBy = messageId,
            TraceParent = Activity.Current?.Id,
        };
        database.Payments.Add(payment);
        return payment;
    }

    // The token is the customer's: one that is none is no reason to leave the order without an answer.
    private static string? WhatIsWrong(CapturePayment command) => command switch
    {
        { Amount: not { Amount: > 0 } } => "The amount cannot be charged.",
        _ when !IsCurrency(command.Amount.Currency) => "The amount cannot be charged.",
        { PaymentToken: not { Length: > 0 and <= Payment.LongestToken } } => "The means of payment is not one.",
        _ when command.PaymentToken.Any(letter => letter is <= ' ' or > '~') => "The means of payment is not one.",
        _ => null,
    };

    // It is for the records alone: whatever it is, the order ends uncharged.
    private static string Storable(string? text) =>
        string.Concat((text ?? "").Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter)).Take(Payment.LongestText));

    private static bool IsCurrency(string? text) => text is { Length: LengthOfCurrency } && text.All(char.IsAsciiLetterUpper);

    private Task AnswerAsync(Payment payment, Guid? causedBy, CancellationToken cancellationToken)
    {
        var orderId = payment.OrderId;
        var options = new PublishOptions { PartitionKey = orderId.ToString(), CorrelationId = orderId.ToString(), CausationId = causedBy?.ToString() };
        return payment switch
        {
            // To those who read along the order is not paid: it is about to end uncharged.
            { State: PaymentState.Captured, RefundRequested: true } => Task.CompletedTask,
            { State: PaymentState.Captured } => publisher.PublishAsync(
                new PaymentCaptured(orderId, payment.ChargeId!, new Money(payment.Captured, payment.Currency)), options, cancellationToken),
            { State: PaymentState.Declined } => publisher.PublishAsync(new PaymentDeclined(orderId, payment.DeclineReason!), options, cancellationToken),
            { State: PaymentState.Refunded } => publisher.PublishAsync(
                new PaymentRefunded(orderId, new Money(payment.Refunded, payment.Currency)), options, cancellationToken),
            _ => Task.CompletedTask,
        };
    }
}
