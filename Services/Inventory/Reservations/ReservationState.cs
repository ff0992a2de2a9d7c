namespace Shop.Inventory.Reservations;

/// <summary>What has become of an order's reservation. The numbers are stored.</summary>
public enum ReservationState
{
    /// <summary>The pieces are held.</summary>
    Held = 1,

    /// <summary>There were too few pieces; nothing is held.</summary>
    Rejected = 2,

    /// <summary>Nothing is held any more.</summary>
    Released = 3,

    /// <summary>The pieces have left the house.</summary>
    Committed = 4,
}
