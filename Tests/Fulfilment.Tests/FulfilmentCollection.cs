namespace Shop.Fulfilment.Tests;

/// <summary>Tests on <see cref="FulfilmentServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class FulfilmentCollection : ICollectionFixture<FulfilmentServers>
{
    public const string Name = "fulfilment";
}
