using System.Reflection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Resources;

namespace Trellis.ServiceDefaults.Telemetry;

/// <summary>
/// What the telemetry is about (OpenTelemetry semantic conventions for resources): the service, its version and instance, where it is deployed and,
/// from the environment that Kubernetes' downward API fills, the pod. <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> win.
/// </summary>
internal static class ServiceResource
{
    private static readonly (string Variable, string Attribute)[] Kubernetes =
    [
        ("K8S_CLUSTER_NAME", "k8s.cluster.name"),
        ("K8S_NAMESPACE_NAME", "k8s.namespace.name"),
        ("K8S_NODE_NAME", "k8s.node.name"),
        ("K8S_POD_NAME", "k8s.pod.name"),
        ("K8S_POD_UID", "k8s.pod.uid"),
        ("K8S_DEPLOYMENT_NAME", "k8s.deployment.name"),
        ("K8S_CONTAINER_NAME", "k8s.container.name"),
    ];

    /// <summary>The version the build gave the service, with the revision behind a plus sign where it knew one.</summary>
    public static string Version { get; } =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void Describe(this ResourceBuilder resource, IHostApplicationBuilder service)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["service.name"] = service.Environment.ApplicationName,
            ["service.version"] = Version,
            ["service.instance.id"] = service.Configuration["K8S_POD_UID"] ?? Guid.NewGuid().ToString(),
            ["deployment.environment.name"] = service.Environment.EnvironmentName.ToLowerInvariant(),
            ["host.name"] = Environment.MachineName,
        };
        foreach (var (variable, attribute) in Kubernetes)
        {
            if (service.Configuration[variable] is { Length: > 0 } value)
            {
                attributes[attribute] = value;
            }
        }

        resource.AddAttributes(attributes);
        // Once more, and last: what is set from outside wins.
        resource.AddEnvironmentVariableDetector();
    }
}
