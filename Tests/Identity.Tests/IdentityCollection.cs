namespace Shop.Identity.Tests;

/// <summary>Tests on <see cref="IdentityServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class IdentityCollection : ICollectionFixture<IdentityServers>
{
    public const string Name = "identity";
}
