using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dcp;

/// <summary>Lets containers find each other and what runs on the host: one network for all of them, and a tunnel out of it.</summary>
internal sealed class ContainerNetworking(IOptions<DcpOptions> options, IConfiguration configuration, IHostEnvironment environment) : IDisposable
{
    /// <summary>The host name that stands for the host in the containers' network, as in Microsoft's package.</summary>
    public const string HostAlias = "aspire.dev.internal";

    private const int NameLength = 32;

    private static readonly string Network = KnownNetworkIdentifiers.DefaultAspireContainerNetwork.Value;
    private static readonly TimeSpan TunnelTimeout = TimeSpan.FromMinutes(3);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<EndpointAnnotation, DcpTunnel> _tunnels = [];
    private bool _hasNetwork;
    private bool _hasProxy;

    /// <summary>What ends the names of things that outlive the AppHost: the same in every run of it, different from other AppHosts'.</summary>
    public string PersistentSuffix => configuration["AppHost:Sha256"]![..8].ToLowerInvariant();

    /// <summary>The names of a container in the network.</summary>
    public static DcpNetworkConnection ConnectionOf(IResource container) => new(
        Network,
        [container.Name, HostNameOf(container), .. container.Annotations.OfType<ContainerNetworkAliasAnnotation>().Select(alias => alias.Alias)]);

    /// <summary>Tells where other containers reach a container; that is known before it runs.</summary>
    public static void SetOwnAddresses(EngineResource container)
    {
        foreach (var endpoint in container.Endpoints.Select(served => served.Endpoint))
        {
            endpoint.ContainerAllocatedEndpointSnapshot.SetValue(
                new AllocatedEndpoint(endpoint, HostNameOf(container.Resource), endpoint.TargetPort!.Value, endpoint.TargetPort.ToString()));
        }
    }

    /// <summary>Makes the network, if that has not been done.</summary>
    public async Task CreateAsync(DcpClient client, DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_hasNetwork)
            {
                var isPersistent = model.GetContainerResources().Any(container => container.IsPersistent());
                await client.CreateAsync(
                    new DcpContainerNetwork
                    {
                        Metadata = new DcpMetadata { Name = Network },
                        Spec = new DcpContainerNetworkSpec(NetworkName(isPersistent), isPersistent ? true : null),
                    },
                    cancellationToken);
                _hasNetwork = true;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes sure that containers reach endpoints of the host, and tells where.</summary>
    /// <param name="client">DCP.</param>
    /// <param name="references">The endpoints; those of containers are left out.</param>
    /// <param name="served">All endpoints that DCP serves.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DistributedApplicationException">Some endpoint cannot be reached out of a container; the message says why.</exception>
    public async Task ReachHostAsync(
        DcpClient client, IEnumerable<EndpointReference> references, IReadOnlyCollection<ServedEndpoint> served, CancellationToken cancellationToken)
    {
        var endpoints = references.Where(reference => !reference.Resource.IsContainer()).DistinctBy(reference => reference.EndpointAnnotation).ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var added = endpoints.Where(reference => !_tunnels.ContainsKey(reference.EndpointAnnotation)).ToList();
            if (added.Count > 0)
            {
                await DigInTimeAsync(client, [.. added.Select(reference => Find(reference, served))], cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static string HostNameOf(IResource container) => $"{container.Name}.dev.internal";

    private static ServedEndpoint Find(EndpointReference reference, IReadOnlyCollection<ServedEndpoint> served)
    {
        var endpoint = served.FirstOrDefault(candidate => candidate.Endpoint == reference.EndpointAnnotation);
        return endpoint switch
        {
            null => throw new DistributedApplicationException(
                $"The endpoint '{reference.EndpointName}' of resource '{reference.Resource.Name}' is not served by the Aspire engine, so containers cannot reach it."),
            { Endpoint.Protocol: not ProtocolType.Tcp } => throw new DistributedApplicationException(
                $"The endpoint '{reference.EndpointName}' of resource '{reference.Resource.Name}' is not TCP, so containers cannot reach it."),
            _ => endpoint,
        };
    }

    private static async Task<DcpService> AllocateAsync(DcpClient client, string name, CancellationToken cancellationToken)
    {
        await foreach (var change in client.WatchAsync<DcpService>(cancellationToken))
        {
            if (change.Object.Metadata.Name == name && change.Object.Status?.EffectivePort is > 0)
            {
                return change.Object;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private async Task DigInTimeAsync(DcpClient client, IReadOnlyList<ServedEndpoint> added, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TunnelTimeout);
        try
        {
            await DigAsync(client, added, bound.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException(
                $"Containers cannot reach services of the host: the tunnel did not come up within {TunnelTimeout.TotalMinutes:0} minutes. "
                + "It needs the image mcr.microsoft.com/azurelinux/base/core:3.0.",
                exception);
        }
    }

    private async Task DigAsync(DcpClient client, IReadOnlyList<ServedEndpoint> added, CancellationToken cancellationToken)
    {
        if (!options.Value.EnableContainerTunnel)
        {
            throw new DistributedApplicationException(
                "Containers reach services of the host through a tunnel only, and ASPIRE_ENABLE_CONTAINER_TUNNEL is false.");
        }

        var tunnels = added.ToDictionary(endpoint => endpoint, endpoint => NewTunnel(endpoint));
        foreach (var tunnel in tunnels.Values)
        {
            await client.CreateAsync(
                new DcpService
                {
                    Metadata = new DcpMetadata { Name = tunnel.ClientServiceName },
                    Spec = new DcpServiceSpec { AddressAllocationMode = DcpAddressAllocation.Proxyless },
                },
                cancellationToken);
        }

        await ChangeProxyAsync(client, [.. _tunnels.Values, .. tunnels.Values], cancellationToken);
        foreach (var (served, tunnel) in tunnels)
        {
            var service = await AllocateAsync(client, tunnel.ClientServiceName, cancellationToken);
            _tunnels[served.Endpoint] = tunnel;
            served.Endpoint.ContainerAllocatedEndpointSnapshot.SetValue(
                new AllocatedEndpoint(served.Endpoint, HostAlias, service.Status!.EffectivePort!.Value, served.TargetPort?.Text));
        }
    }

    private async Task ChangeProxyAsync(DcpClient client, IReadOnlyList<DcpTunnel> tunnels, CancellationToken cancellationToken)
    {
        var name = Network + "-tunnelproxy";
        if (_hasProxy)
        {
            await client.PatchAsync(name, tunnels, cancellationToken);
            return;
        }

        await client.CreateAsync(
            new DcpTunnelProxy { Metadata = new DcpMetadata { Name = name }, Spec = new DcpTunnelProxySpec(Network, [HostAlias], tunnels) }, cancellationToken);
        _hasProxy = true;
        await foreach (var change in client.WatchAsync<DcpTunnelProxy>(cancellationToken))
        {
            switch (change.Object.Status?.State)
            {
                case DcpTunnelProxy.Running:
                    return;
                case DcpTunnelProxy.Failed:
                    _hasProxy = false;
                    await client.DeleteAsync<DcpTunnelProxy>(name, cancellationToken);
                    throw new DistributedApplicationException(
                        $"Containers cannot reach services of the host: the tunnel could not be started. {change.Object.Status.Message}".TrimEnd());
            }
        }
    }

    private static DcpTunnel NewTunnel(ServedEndpoint endpoint)
    {
        var name = $"{endpoint.ServiceName}-tunnel";
        return new DcpTunnel(name, endpoint.ServiceName, name);
    }

    private string NetworkName(bool isPersistent)
    {
        var application = new string([.. environment.ApplicationName.Where(char.IsAsciiLetterOrDigit).Take(NameLength)]).ToLowerInvariant();
        var name = isPersistent
            ? $"aspire-persistent-network-{PersistentSuffix}"
            : $"aspire-session-network-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        return application.Length == 0 ? name : $"{name}-{application}";
    }
}
