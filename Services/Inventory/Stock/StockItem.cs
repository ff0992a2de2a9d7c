namespace Shop.Inventory.Stock;

/// <summary>What there is of a product. To be changed only by who has locked its row.</summary>
public sealed class StockItem
{
    public required Guid ProductId { get; init; }

    /// <summary>Pieces in the house, reserved ones among them.</summary>
    public long OnHand { get; private set; }

    /// <summary>Pieces that orders hold.</summary>
    public long Reserved { get; private set; }

    /// <summary>Pieces that have left the house. Together with <see cref="OnHand"/> it is all that ever came in.</summary>
    public long Shipped { get; private set; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public long Available => OnHand - Reserved;

    public void Add(int quantity) => (OnHand, Version) = (OnHand + quantity, Version + 1);

    public void Reserve(int quantity) => (Reserved, Version) = (Reserved + quantity, Version + 1);

    public void Release(int quantity) => (Reserved, Version) = (Reserved - quantity, Version + 1);

    /// <summary>Pieces leave the house that were not reserved.</summary>
    public void Ship(int quantity) => (OnHand, Shipped, Version) = (OnHand - quantity, Shipped + quantity, Version + 1);

    /// <summary>Pieces leave the house that were reserved. How many can be ordered stays the same.</summary>
    public void ShipReserved(int quantity) =>
        (OnHand, Reserved, Shipped, Version) = (OnHand - quantity, Reserved - quantity, Shipped + quantity, Version + 1);
}
