using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// A pair of proxies, one in a container and one on the host, through which containers reach services that listen on the host's loopback
/// address only.
/// </summary>
internal sealed record DcpTunnelProxy : IDcpObject<DcpTunnelProxy>
{
    public const string Running = "Running";
    public const string Failed = "Failed";

    public static string Plural => "containernetworktunnelproxies";

    public static JsonTypeInfo<DcpTunnelProxy> TypeInfo => DcpJsonContext.Default.DcpTunnelProxy;

    public static JsonTypeInfo<DcpList<DcpTunnelProxy>> ListTypeInfo => DcpJsonContext.Default.DcpListDcpTunnelProxy;

    public string ApiVersion { get; init; } = DcpClient.ApiVersion;

    public string Kind { get; init; } = "ContainerNetworkTunnelProxy";

    public required DcpMetadata Metadata { get; init; }

    public required DcpTunnelProxySpec Spec { get; init; }

    public DcpTunnelProxyStatus? Status { get; init; }
}

/// <summary>What is tunnelled.</summary>
/// <param name="ContainerNetworkName">The <see cref="DcpContainerNetwork"/> that the proxy in the container is on.</param>
/// <param name="Aliases">Its names there.</param>
/// <param name="Tunnels">The services.</param>
internal sealed record DcpTunnelProxySpec(string? ContainerNetworkName, IReadOnlyList<string>? Aliases, IReadOnlyList<DcpTunnel> Tunnels);

/// <summary>One tunnel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ServerServiceName">The <see cref="DcpService"/> on the host.</param>
/// <param name="ClientServiceName">The <see cref="DcpService"/> whose address is the tunnel's inside the network.</param>
internal sealed record DcpTunnel(string Name, string ServerServiceName, string ClientServiceName);

/// <summary>How it goes with the tunnels.</summary>
internal sealed record DcpTunnelProxyStatus(string? State, string? Message);

/// <summary>A merge patch of a tunnel proxy.</summary>
internal sealed record DcpTunnelProxyPatch(DcpTunnelProxySpec Spec);
