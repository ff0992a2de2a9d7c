namespace Shop.Ordering.Orders;

/// <summary>A step of an order's way.</summary>
/// <param name="Status">What it became.</param>
/// <param name="At">When.</param>
public sealed record StatusChange(OrderStatus Status, DateTimeOffset At);
