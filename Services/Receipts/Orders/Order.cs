using System.ComponentModel;

namespace Shop.Receipts.Orders;

/// <summary>An order that is paid.</summary>
/// <param name="Id">The order.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="Lines">What was bought; at most 500.</param>
/// <param name="Total">What was paid; the sum of the lines.</param>
/// <param name="Status">Where the order is, if it is known: Paid, Shipped or Completed.</param>
/// <param name="ShippingAddress">Where it was sent, to be printed on the receipt.</param>
internal sealed record Order(
    Guid? Id,
    DateTimeOffset? PlacedAt,
    [property: Description("At most 500, all in one currency.")] IReadOnlyList<OrderLine?>? Lines,
    [property: Description("The sum of the lines.")] Price? Total,
    [property: Description("Paid, Shipped or Completed, if it is known.")] string? Status = null,
    Address? ShippingAddress = null);
