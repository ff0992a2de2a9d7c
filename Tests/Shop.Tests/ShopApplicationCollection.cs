namespace Shop.Tests;

/// <summary>Tests that only call the one application of the testing builder.</summary>
[CollectionDefinition(Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ShopApplicationCollection : ICollectionFixture<ShopApplication>
{
    public const string Name = "The application of the testing builder";
}
