namespace Shop.Ordering.Contract;

/// <summary>Command that Ordering sends to itself, to be delivered later: look whether the order got its answer in time.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="At">When to look.</param>
public sealed record OrderDeadline(Guid OrderId, DateTimeOffset At)
{
    public const string MessageType = "shop.ordering.order-deadline.v1";
}
