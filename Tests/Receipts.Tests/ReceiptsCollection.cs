namespace Shop.Receipts.Tests;

/// <summary>Tests that share one publish.</summary>
[CollectionDefinition(Name)]
public sealed class ReceiptsCollection : ICollectionFixture<ReceiptsProgram>
{
    public const string Name = "receipts";
}
