using System.ComponentModel;
using Shop.Ordering.Contract;
using Shop.Ordering.Orders;

namespace Shop.Ordering.Reading;

/// <summary>An order as the API shows it.</summary>
public sealed record OrderDetails
{
    public required Guid Id { get; init; }

    public required OrderStatus Status { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    [Description("What is ordered, at the prices of that moment.")]
    public required IReadOnlyList<OrderedLine> Lines { get; init; }

    public required Money Total { get; init; }

    public required Address ShippingAddress { get; init; }

    [Description("The carrier's, once it has left.")]
    public string? TrackingNumber { get; init; }

    [Description("Why it was rejected or given up.")]
    public string? Reason { get; init; }

    [Description("Every status it had, the current one last.")]
    public required IReadOnlyList<StatusChange> Timeline { get; init; }

    internal static OrderDetails Of(OrderState order) => new()
    {
        Id = order.Id,
        Status = order.Status,
        PlacedAt = order.Timeline[0].At,
        Lines = order.Lines,
        Total = order.Total,
        ShippingAddress = order.ShippingAddress,
        TrackingNumber = order.TrackingNumber,
        Reason = order.Reason,
        Timeline = order.Timeline,
    };
}
