namespace Shop.Ordering.Contract;

/// <summary>Event: an order was given up, and what had been done for it is undone: nothing is held, nothing is charged.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="CancelledAt">When.</param>
public sealed record OrderCancelled(Guid OrderId, string Reason, DateTimeOffset CancelledAt)
{
    public const string MessageType = "shop.ordering.order-cancelled.v1";
}
