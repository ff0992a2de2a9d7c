namespace Shop.Inventory.Stock;

/// <summary>How a restock ended.</summary>
internal enum RestockOutcome
{
    /// <summary>The pieces are in the stock, by this call or an earlier one with the same id.</summary>
    Done,

    UnknownProduct,

    /// <summary>The id stands for another restock.</summary>
    UsedForAnother,
}
