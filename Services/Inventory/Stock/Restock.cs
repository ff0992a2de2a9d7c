namespace Shop.Inventory.Stock;

/// <summary>Pieces that came in.</summary>
public sealed class Restock
{
    /// <summary>Made by the caller, so that the same restock sent twice counts once.</summary>
    public required Guid Id { get; init; }

    public required Guid ProductId { get; init; }

    public required int Quantity { get; init; }

    public required DateTimeOffset RestockedAt { get; init; }
}
