using Shop.Ordering.Contract;

namespace Shop.Ordering.Orders;

/// <summary>What has happened to an order, in its own words; each is stored as an event of its stream. What is stored stays: fields are added, never renamed.</summary>
internal abstract record OrderFact;

/// <summary>A customer has ordered.</summary>
/// <param name="Customer">The subject of the access token.</param>
/// <param name="Lines">What is ordered, at the prices of the moment.</param>
/// <param name="Total">What it costs.</param>
/// <param name="ShippingAddress">Where it goes.</param>
/// <param name="PaymentToken">What the payment provider has given the customer; good for one payment.</param>
/// <param name="Due">When the inventory must have answered.</param>
internal sealed record OrderPlaced(
    string Customer, IReadOnlyList<OrderedLine> Lines, Money Total, Address ShippingAddress, string PaymentToken, DateTimeOffset Due) : OrderFact;

/// <summary>The inventory holds the pieces.</summary>
/// <param name="Due">When the payment must be known.</param>
internal sealed record StockHeld(DateTimeOffset Due) : OrderFact;

/// <summary>There are too few pieces; the order ends here.</summary>
/// <param name="ProductIds">The products of which there are too few.</param>
internal sealed record StockRefused(IReadOnlyList<Guid> ProductIds) : OrderFact;

/// <summary>The customer has paid.</summary>
/// <param name="PaymentId">The provider's.</param>
/// <param name="Due">When the shipment must have left.</param>
internal sealed record PaymentTaken(string PaymentId, DateTimeOffset Due) : OrderFact;

/// <summary>The payment was refused. Nothing is charged.</summary>
/// <param name="Reason">Why, for people.</param>
internal sealed record PaymentRefused(string Reason) : OrderFact;

/// <summary>The pieces have left the house; there is no way back for them.</summary>
/// <param name="TrackingNumber">The carrier's.</param>
/// <param name="ShippedAt">When, as the carrier says.</param>
internal sealed record ShipmentLeft(string TrackingNumber, DateTimeOffset ShippedAt) : OrderFact;

/// <summary>The order is given up.</summary>
/// <param name="Reason">Why, for people.</param>
internal sealed record CancellationBegun(string Reason) : OrderFact;

/// <summary>Nothing is shipped, and nothing will be.</summary>
internal sealed record ShipmentStopped : OrderFact;

/// <summary>Nothing is held.</summary>
internal sealed record StockFreed : OrderFact;

/// <summary>Money came after it had been told that none was charged.</summary>
internal sealed record PaymentTakenLate : OrderFact;

/// <summary>Nothing is charged, and nothing will be.</summary>
internal sealed record PaymentReturned : OrderFact;

/// <summary>All is undone; the order ends here.</summary>
internal sealed record OrderGivenUp : OrderFact;

/// <summary>The pieces are booked out of the stock; the order ends here.</summary>
internal sealed record OrderFinished : OrderFact;
