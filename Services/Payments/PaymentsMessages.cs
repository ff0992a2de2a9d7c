using Shop.Payments.Charging;
using Shop.Payments.Contract;
using Shop.Payments.Data;

namespace Shop.Payments;

/// <summary>Names the messages that come in and go out.</summary>
internal static class PaymentsMessages
{
    public static IHostApplicationBuilder AddPaymentsMessages(this IHostApplicationBuilder builder) =>
        builder.AddMessaging<PaymentsDbContext>(messages => messages
            .Handle<CapturePayment, CapturePaymentHandler>()
            .Handle<RefundPayment, RefundPaymentHandler>()
            .Publish<PaymentCaptured>()
            .Publish<PaymentDeclined>()
            .Publish<PaymentRefunded>());
}
