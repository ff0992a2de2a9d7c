namespace Shop.Fulfilment.Tests;

/// <summary>What the carrier says of a shipment.</summary>
public sealed record CarrierShipment(string Reference, string Status, string? TrackingNumber, DateTimeOffset? AcceptedAt);
