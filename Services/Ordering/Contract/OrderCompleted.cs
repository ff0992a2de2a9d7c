namespace Shop.Ordering.Contract;

/// <summary>Event: an order is paid, shipped and booked out of the stock. Nothing more will happen to it.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Customer">Whose it is: the subject of the access token.</param>
/// <param name="Lines">What was sold.</param>
/// <param name="Total">What was paid.</param>
/// <param name="CompletedAt">When.</param>
public sealed record OrderCompleted(Guid OrderId, string Customer, IReadOnlyList<CompletedLine> Lines, Money Total, DateTimeOffset CompletedAt)
{
    public const string MessageType = "shop.ordering.order-completed.v1";
}
