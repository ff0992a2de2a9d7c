namespace Shop.Inventory.Reservations;

/// <summary>A product of an order; each once.</summary>
public sealed class ReservedLine
{
    public required Guid ProductId { get; init; }

    public required int Quantity { get; init; }

    /// <summary>How many there were, if that was too few.</summary>
    public long? Found { get; set; }
}
