using Shop.Ordering.Orders;

namespace Shop.Ordering.Placing;

/// <summary>What is said of an order that is on its way.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">How far it is.</param>
public sealed record AcceptedOrder(Guid Id, OrderStatus Status);
