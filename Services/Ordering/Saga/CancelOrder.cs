namespace Shop.Ordering.Saga;

/// <summary>The customer does not want the order any more.</summary>
/// <param name="Reason">Why, for people.</param>
internal sealed record CancelOrder(string Reason);
