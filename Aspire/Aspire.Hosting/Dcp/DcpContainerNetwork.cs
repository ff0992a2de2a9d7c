using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>A network of the container engine that DCP makes for containers to find each other by name.</summary>
internal sealed record DcpContainerNetwork : IDcpObject<DcpContainerNetwork>
{
    public static string Plural => "containernetworks";

    public static JsonTypeInfo<DcpContainerNetwork> TypeInfo => DcpJsonContext.Default.DcpContainerNetwork;

    public static JsonTypeInfo<DcpList<DcpContainerNetwork>> ListTypeInfo => DcpJsonContext.Default.DcpListDcpContainerNetwork;

    public string ApiVersion { get; init; } = DcpClient.ApiVersion;

    public string Kind { get; init; } = "ContainerNetwork";

    public required DcpMetadata Metadata { get; init; }

    public required DcpContainerNetworkSpec Spec { get; init; }
}

/// <summary>The network.</summary>
/// <param name="NetworkName">The container engine's name for it.</param>
/// <param name="Persistent">Whether it outlives DCP.</param>
internal sealed record DcpContainerNetworkSpec(string NetworkName, bool? Persistent);
