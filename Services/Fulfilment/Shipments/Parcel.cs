using Shop.Fulfilment.Contract;

namespace Shop.Fulfilment.Shipments;

/// <summary>What is shipped, and where to.</summary>
/// <param name="Lines">The pieces.</param>
/// <param name="Address">Who gets them.</param>
public sealed record Parcel(IReadOnlyList<ShipmentLine> Lines, ShippingAddress Address);
