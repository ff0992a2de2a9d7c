namespace Shop.Ordering.Saga;

/// <summary>What the saga knows of time: when it is, and how long it waits for whom.</summary>
/// <param name="Now">The time.</param>
/// <param name="Stock">How long for the inventory.</param>
/// <param name="Payment">How long for the payment.</param>
/// <param name="Shipment">How long for the shipment.</param>
internal sealed record SagaClock(DateTimeOffset Now, TimeSpan Stock, TimeSpan Payment, TimeSpan Shipment);
