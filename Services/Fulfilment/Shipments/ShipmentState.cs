namespace Shop.Fulfilment.Shipments;

/// <summary>What has become of an order's shipment. The numbers are stored.</summary>
public enum ShipmentState
{
    /// <summary>The carrier is being asked to take it, and may have it already.</summary>
    HandingOver = 1,

    /// <summary>The carrier is being told that it must not take it, or give it back.</summary>
    Withdrawing = 2,

    /// <summary>The carrier has it.</summary>
    Shipped = 3,

    /// <summary>The carrier does not have it, and never will.</summary>
    Failed = 4,

    /// <summary>It was cancelled before the carrier had it.</summary>
    Cancelled = 5,
}
