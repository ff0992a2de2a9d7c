using Shop.Ordering.Contract;
using Shop.Ordering.Orders;

namespace Shop.Ordering.Reading;

/// <summary>An order in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">How far it is.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="Total">What it costs.</param>
public sealed record OrderSummary(Guid Id, OrderStatus Status, DateTimeOffset PlacedAt, Money Total);
