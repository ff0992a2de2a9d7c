using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// A network address that executables serve. DCP listens on it and spreads connections over the producers, unless it is proxyless.
/// </summary>
internal sealed record DcpService : IDcpObject<DcpService>
{
    public static string Plural => "services";

    public static JsonTypeInfo<DcpService> TypeInfo => DcpJsonContext.Default.DcpService;

    public static JsonTypeInfo<DcpList<DcpService>> ListTypeInfo => DcpJsonContext.Default.DcpListDcpService;

    public string ApiVersion { get; init; } = DcpClient.ApiVersion;

    public string Kind { get; init; } = "Service";

    public required DcpMetadata Metadata { get; init; }

    public required DcpServiceSpec Spec { get; init; }

    public DcpServiceStatus? Status { get; init; }
}

internal sealed record DcpServiceSpec
{
    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    public string Protocol { get; init; } = "TCP";

    /// <summary>The port to listen on; null lets DCP choose a free one.</summary>
    public int? Port { get; init; }

    public string? Address { get; init; }

    /// <summary>See <see cref="DcpAddressAllocation"/>.</summary>
    public string? AddressAllocationMode { get; init; }
}

/// <summary>Where DCP listens for a service.</summary>
internal static class DcpAddressAllocation
{
    /// <summary>On localhost, IPv4 and IPv6.</summary>
    public const string Localhost = "Localhost";

    /// <summary>On 127.0.0.1 only.</summary>
    public const string IPv4ZeroOne = "IPv4ZeroOne";

    /// <summary>On every IPv4 interface.</summary>
    public const string IPv4AllInterfaces = "IPv4AllInterfaces";

    /// <summary>Nowhere: the producer listens on the service's address itself.</summary>
    public const string Proxyless = "Proxyless";
}

internal sealed record DcpServiceStatus
{
    /// <summary><c>Ready</c> once a producer is there, else <c>NotReady</c>.</summary>
    public string? State { get; init; }

    public string? EffectiveAddress { get; init; }

    /// <summary>The port in use; allocated before any producer exists.</summary>
    public int? EffectivePort { get; init; }
}
