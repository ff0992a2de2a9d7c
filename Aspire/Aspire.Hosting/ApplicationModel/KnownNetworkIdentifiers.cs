namespace Aspire.Hosting.ApplicationModel;

/// <summary>The networks that exist.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>This machine's loopback.</summary>
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");

    /// <summary>The network that all containers of an AppHost share.</summary>
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");
}
