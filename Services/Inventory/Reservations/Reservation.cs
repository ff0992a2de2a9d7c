namespace Shop.Inventory.Reservations;

/// <summary>What is held, or was, for an order.</summary>
public sealed class Reservation
{
    public required Guid OrderId { get; init; }

    /// <summary>What the order asked for; nothing, if it was released before it asked.</summary>
    public required List<ReservedLine> Lines { get; init; }

    public required ReservationState State { get; set; }

    /// <summary>When a held one is released, and when any other is forgotten.</summary>
    public required DateTimeOffset EndsAt { get; set; }

    /// <summary>Whether it was released because its time was over.</summary>
    public bool Expired { get; set; }
}
