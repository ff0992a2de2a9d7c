namespace Shop.Ordering.Contract;

/// <summary>Event: an order was accepted and is on its way. How it ends is told by <see cref="OrderCompleted"/>, <see cref="OrderCancelled"/> or <see cref="OrderRejected"/>.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="Customer">Whose it is: the subject of the access token.</param>
/// <param name="Lines">What is ordered, at the prices of the moment.</param>
/// <param name="Total">What it costs.</param>
/// <param name="SubmittedAt">When.</param>
public sealed record OrderSubmitted(Guid OrderId, string Customer, IReadOnlyList<SubmittedLine> Lines, Money Total, DateTimeOffset SubmittedAt)
{
    public const string MessageType = "shop.ordering.order-submitted.v1";
}
