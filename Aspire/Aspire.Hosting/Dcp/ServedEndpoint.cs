using System.Net;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>An endpoint of a process or a container and the DCP service that stands for it.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="ServiceName">The DCP service's name.</param>
internal sealed record ServedEndpoint(EndpointAnnotation Endpoint, string ServiceName)
{
    /// <summary>The port that the process is to listen on, where DCP chooses it; else null.</summary>
    public DcpTemplate? TargetPort { get; } =
        Endpoint is { IsProxied: true, TargetPort: null } ? DcpTemplate.PortForServing(ServiceName) : null;

    public DcpService ToService() => new()
    {
        Metadata = new DcpMetadata { Name = ServiceName },
        Spec = new DcpServiceSpec
        {
            Protocol = Endpoint.Protocol.ToString().ToUpperInvariant(),
            Port = Endpoint.Port,
            Address = Endpoint.IsProxied && Mode is null ? Endpoint.TargetHost : null,
            AddressAllocationMode = Endpoint.IsProxied ? Mode : DcpAddressAllocation.Proxyless,
        },
    };

    /// <summary>A replica's claim to serve the endpoint.</summary>
    public DcpServiceProducer ToProducer() => new(
        ServiceName,
        IsLocalhost || IsAnyAddress ? null : Endpoint.TargetHost,
        Endpoint.IsProxied ? Endpoint.TargetPort : Endpoint.TargetPort ?? Endpoint.Port);

    /// <summary>The host name or address by which clients on this machine reach the endpoint.</summary>
    public string ClientHost => IsLocalhost || IsAnyAddress ? "localhost" : Endpoint.TargetHost;

    /// <summary>A host name that is meant to be seen, and always leads to this machine (RFC 6761): <c>shop.dev.localhost</c>.</summary>
    public static bool IsNamedLocalhost(string host) => host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a server that is told to listen on the host listens on every interface: wildcards, and all that is no address of one, as Kestrel has it.</summary>
    public static bool IsEveryInterface(string host) => !IsThisMachine(host)
        && (!IPAddress.TryParse(host, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static bool IsThisMachine(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || IsNamedLocalhost(host);

    private bool IsLocalhost => IsThisMachine(Endpoint.TargetHost);

    private bool IsAnyAddress => IsEveryInterface(Endpoint.TargetHost);

    private string? Mode => IsLocalhost ? DcpAddressAllocation.Localhost : IsAnyAddress ? DcpAddressAllocation.IPv4AllInterfaces : null;
}
