namespace Aspire.Hosting.ApplicationModel;

/// <summary>Properties of resources that the dashboard knows.</summary>
public static class CustomResourceKnownProperties
{
    /// <summary>Where the resource comes from.</summary>
    public static string Source { get; } = "resource.source";

    /// <summary>Its connection string.</summary>
    public static string ConnectionString { get; } = "resource.connectionString";
}
