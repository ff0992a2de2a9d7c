namespace Shop.Inventory.Stock;

/// <summary>With what the inventory of a product begins; configuration section <c>Stock</c>.</summary>
internal sealed class StockSettings
{
    public const string Section = "Stock";

    /// <summary>Whether there are pieces of a product as soon as it is known, up to 500 and of every twentieth none. In Development the default is true.</summary>
    public bool Seed { get; set; }
}
