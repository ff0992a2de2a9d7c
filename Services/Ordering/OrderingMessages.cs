using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Ordering.Data;
using Shop.Ordering.Saga;
using Shop.Payments.Contract;

namespace Shop.Ordering;

/// <summary>Names the messages that come in and go out.</summary>
internal static class OrderingMessages
{
    public static IHostApplicationBuilder AddOrderingMessages(this IHostApplicationBuilder builder) =>
        builder.AddMessaging<OrderingDbContext>(messages => messages
            .Publish<ReserveStock>().Publish<ReleaseStock>().Publish<CommitStock>()
            .Handle<StockReserved, SagaHandler<StockReserved>>()
            .Handle<StockRejected, SagaHandler<StockRejected>>()
            .Handle<StockReleased, SagaHandler<StockReleased>>()
            .Handle<StockCommitted, SagaHandler<StockCommitted>>()
            .Publish<CapturePayment>().Publish<RefundPayment>()
            .Handle<PaymentCaptured, SagaHandler<PaymentCaptured>>()
            .Handle<PaymentDeclined, SagaHandler<PaymentDeclined>>()
            .Handle<PaymentRefunded, SagaHandler<PaymentRefunded>>()
            .Publish<ShipOrder>().Publish<CancelShipment>()
            .Handle<OrderShipped, SagaHandler<OrderShipped>>()
            .Handle<ShipmentFailed, SagaHandler<ShipmentFailed>>()
            .Handle<ShipmentCancelled, SagaHandler<ShipmentCancelled>>()
            .Publish<OrderSubmitted>().Publish<OrderCompleted>().Publish<OrderCancelled>().Publish<OrderRejected>()
            .Publish<OrderDeadline>()
            .Handle<OrderDeadline, SagaHandler<OrderDeadline>>());
}
