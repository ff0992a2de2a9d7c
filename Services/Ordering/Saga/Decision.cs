using Shop.Ordering.Orders;

namespace Shop.Ordering.Saga;

/// <summary>What follows from a message.</summary>
/// <param name="Facts">What has happened to the order thereby.</param>
/// <param name="Messages">What is to be sent.</param>
internal sealed record Decision(IReadOnlyList<OrderFact> Facts, IReadOnlyList<object> Messages)
{
    public static readonly Decision Nothing = new([], []);
}
