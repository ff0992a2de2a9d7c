namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>What the application is doing: running or being published.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that the value is for.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The network that the caller is on.</summary>
    public NetworkIdentifier? Network { get; init; }

    /// <summary>Whether the value is for the network of the containers; where no network is named, the caller says it.</summary>
    internal bool IsInContainer() => (Network ?? (Caller?.IsContainer() == true ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork : null))
        == KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
}
