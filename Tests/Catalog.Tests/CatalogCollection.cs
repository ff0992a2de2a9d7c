namespace Shop.Catalog.Tests;

/// <summary>Tests on <see cref="CatalogServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class CatalogCollection : ICollectionFixture<CatalogServers>
{
    public const string Name = "catalog";
}
