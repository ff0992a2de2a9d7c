namespace Shop.Inventory.Tests;

/// <summary>Tests on <see cref="InventoryServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class InventoryCollection : ICollectionFixture<InventoryServers>
{
    public const string Name = "inventory";
}
