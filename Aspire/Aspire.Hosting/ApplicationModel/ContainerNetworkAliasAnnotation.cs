using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A further name under which other containers on a network find a container.</summary>
/// <param name="alias">The host name.</param>
[DebuggerDisplay("Type = {GetType().Name,nq}, Alias = {Alias}, Network = {Network}")]
public sealed class ContainerNetworkAliasAnnotation(string alias) : IResourceAnnotation
{
    /// <summary>The host name.</summary>
    public string Alias { get; } = alias ?? throw new ArgumentNullException(nameof(alias));

    /// <summary>The network; the one that all containers of an AppHost share where nothing is said.</summary>
    public NetworkIdentifier Network { get; set; } = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
}
