using Shop.Ordering.Orders;

namespace Shop.Ordering.Watching;

/// <summary>What a watcher is sent: one message for each status.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Number">Which status of the order this is, counted from 1.</param>
/// <param name="Status">The status.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why it was rejected or given up; only with the newest status.</param>
public sealed record WatchedStatus(Guid OrderId, int Number, OrderStatus Status, DateTimeOffset At, string? Reason);
