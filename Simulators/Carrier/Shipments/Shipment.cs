namespace Shop.Simulators.Carrier.Shipments;

/// <summary>What the carrier knows of a reference, and a line of its journal.</summary>
/// <param name="Reference">What the sender calls it; one shipment a reference.</param>
/// <param name="Status">What was decided.</param>
/// <param name="TrackingNumber">The carrier's number of one that was accepted.</param>
/// <param name="AcceptedAt">When it was.</param>
public sealed record Shipment(string Reference, ShipmentStatus Status, string? TrackingNumber, DateTimeOffset? AcceptedAt);
