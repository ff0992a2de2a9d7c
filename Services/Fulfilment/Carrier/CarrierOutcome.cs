namespace Shop.Fulfilment.Carrier;

/// <summary>What the carrier says about a shipment.</summary>
internal enum CarrierOutcome
{
    /// <summary>It is not known.</summary>
    Unknown,

    /// <summary>The carrier has it.</summary>
    Shipped,

    /// <summary>The carrier does not take it, whenever it is asked.</summary>
    Refused,

    /// <summary>The carrier does not have it, and will not take it any more.</summary>
    Withdrawn,
}
