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

    private bool IsLocalhost => string.Equals(Endpoint.TargetHost, "localhost", StringComparison.OrdinalIgnoreCase);

    private bool IsAnyAddress => Endpoint.TargetHost is "*" or "+" or "0.0.0.0" or "::";

    private string? Mode => IsLocalhost ? DcpAddressAllocation.Localhost : IsAnyAddress ? DcpAddressAllocation.IPv4AllInterfaces : null;
}
