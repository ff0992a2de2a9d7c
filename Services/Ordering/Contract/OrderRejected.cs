namespace Shop.Ordering.Contract;

/// <summary>Event: there were too few pieces for an order. Nothing was held and nothing charged.</summary>
/// <param name="OrderId">The order; partition key of the message.</param>
/// <param name="ProductIds">The products of which there were too few.</param>
/// <param name="RejectedAt">When.</param>
public sealed record OrderRejected(Guid OrderId, IReadOnlyList<Guid> ProductIds, DateTimeOffset RejectedAt)
{
    public const string MessageType = "shop.ordering.order-rejected.v1";
}
