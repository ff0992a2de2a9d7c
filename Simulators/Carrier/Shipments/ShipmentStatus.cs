using System.Text.Json.Serialization;

namespace Shop.Simulators.Carrier.Shipments;

/// <summary>What the carrier has decided about a reference; for good, except that an accepted shipment can be withdrawn.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShipmentStatus>))]
public enum ShipmentStatus
{
    Accepted,
    Refused,
    Withdrawn,
}
