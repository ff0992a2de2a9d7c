namespace Shop.Tests;

/// <summary>Tests that only look at the one run with a dashboard.</summary>
[CollectionDefinition(Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DashboardRunCollection : ICollectionFixture<DashboardRun>
{
    public const string Name = "The run with a dashboard";
}
