using Shop.Payments.Contract;
using Trellis.Messaging;

namespace Shop.Payments.Charging;

internal sealed class CapturePaymentHandler(PaymentBook book) : IMessageHandler<CapturePayment>
{
    public Task HandleAsync(CapturePayment message, MessageContext context, CancellationToken cancellationToken) =>
        book.CaptureAsync(message, context.Id, cancellationToken);
}

internal sealed class RefundPaymentHandler(PaymentBook book) : IMessageHandler<RefundPayment>
{
    public Task HandleAsync(RefundPayment message, MessageContext context, CancellationToken cancellationToken) =>
        book.RefundAsync(message, context.Id, cancellationToken);
}
