namespace Shop.Ordering.Tests;

/// <summary>Tests on <see cref="OrderingServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OrderingCollection : ICollectionFixture<OrderingServers>
{
    public const string Name = "ordering";
}
