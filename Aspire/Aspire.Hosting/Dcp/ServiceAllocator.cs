using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Dcp;

/// <summary>Gives every endpoint the address under which it is reached.</summary>
internal sealed class ServiceAllocator(DcpOptions options)
{
    /// <summary>Checks the ports that the model fixes and chooses one for every endpoint without a proxy that has none.</summary>
    /// <remarks>Also for resources that the engine does not run: their owners find the port set.</remarks>
    /// <exception cref="DistributedApplicationException">An endpoint's ports contradict each other, or a port is in use.</exception>
    public static void PreparePorts(DistributedApplicationModel model, DcpOptions options)
    {
        using var ports = new FreePorts();
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                if (options.RandomizePorts && endpoint.IsProxied)
                {
                    endpoint.Port = null;
                }

                Prepare(resource, endpoint, ports);
            }
        }
    }

    /// <summary>Creates the services and sets <see cref="EndpointAnnotation.AllocatedEndpoint"/> of every endpoint.</summary>
    /// <exception cref="DcpException">DCP gave some service no port.</exception>
    public async Task AllocateAsync(DcpClient client, IReadOnlyList<EngineResource> resources, CancellationToken cancellationToken)
    {
        var endpoints = resources.SelectMany(resource => resource.Endpoints).ToList();
        foreach (var container in resources.Where(resource => resource.IsContainer))
        {
            ContainerNetworking.SetOwnAddresses(container);
        }

        await Task.WhenAll(endpoints.Select(endpoint => client.CreateAsync(endpoint.ToService(), cancellationToken)));

        foreach (var endpoint in endpoints.Where(endpoint => !endpoint.Endpoint.IsProxied))
        {
            Set(endpoint, endpoint.Endpoint.Port!.Value);
        }

        var pending = endpoints.Where(endpoint => endpoint.Endpoint.IsProxied).ToDictionary(endpoint => endpoint.ServiceName, StringComparer.Ordinal);
        if (pending.Count == 0)
        {
            return;
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.StartTimeout);
        try
        {
            await foreach (var change in client.WatchAsync<DcpService>(bound.Token))
            {
                if (change.Object.Status?.EffectivePort is > 0 and var port && pending.Remove(change.Object.Metadata.Name, out var endpoint))
                {
                    Set(endpoint, port);
                    if (pending.Count == 0)
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var missing = pending.Values.Select(endpoint => $"'{endpoint.Endpoint.Name}' ({(endpoint.Endpoint.Port is { } port ? $"port {port}" : "any port")})");
            throw new DcpException($"The Aspire engine could not open these endpoints: {string.Join(", ", missing)}. Another program may use the port.", exception);
        }
    }

    private static void Prepare(IResource resource, EndpointAnnotation endpoint, FreePorts ports)
    {
        if (resource.TryGetLastAnnotation<ProxySupportAnnotation>(out var support) && !support.ProxyEnabled)
        {
            endpoint.IsProxied = false;
        }

        if (resource.IsContainer() && endpoint.TargetPort is null)
        {
            throw new DistributedApplicationException(
                $"The endpoint '{endpoint.Name}' of resource '{resource.Name}' needs a target port: the port that the program in the container listens on.");
        }

        if (!endpoint.IsProxied)
        {
            if (resource.GetReplicaCount() > 1)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' has several replicas, so its endpoint '{endpoint.Name}' needs the proxy; leave isProxied at its default.");
            }

            endpoint.Port ??= endpoint.TargetPort ?? ports.Next();
            if (EngineResource.Runs(resource) && !resource.IsContainer())
            {
                endpoint.TargetPort ??= endpoint.Port;
            }
        }
        else if (EngineResource.Runs(resource) && endpoint.Port is { } port)
        {
            if (port == endpoint.TargetPort && !resource.IsContainer())
            {
                throw new DistributedApplicationException(
                    $"The endpoint '{endpoint.Name}' of resource '{resource.Name}' has the same port and target port, {port}: the proxy listens on the one, "
                    + "the process on the other. Leave the target port out, or set isProxied to false.");
            }

            // DCP would say nothing and never come up with a port.
            if (endpoint.Protocol == ProtocolType.Tcp && FreePorts.IsTaken(port))
            {
                throw new DistributedApplicationException(
                    $"Port {port}, which the endpoint '{endpoint.Name}' of resource '{resource.Name}' is to have, is used by {PortOwner.Describe(port) ?? "another program"}.");
            }
        }
    }

    private static void Set(ServedEndpoint served, int port) =>
        served.Endpoint.AllocatedEndpoint = new AllocatedEndpoint(served.Endpoint, served.ClientHost, port, served.TargetPort?.Text ?? served.Endpoint.TargetPort?.ToString());
}
