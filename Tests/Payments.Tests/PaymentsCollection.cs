namespace Shop.Payments.Tests;

/// <summary>Tests on <see cref="PaymentsServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class PaymentsCollection : ICollectionFixture<PaymentsServers>
{
    public const string Name = "payments";
}
