using Microsoft.AspNetCore.Http;
using Trellis.ServiceDefaults.Health;
using Trellis.ServiceDefaults.OpenApi;
using Trellis.ServiceDefaults.Telemetry;

namespace Trellis.ServiceDefaults.Management;

/// <summary>The paths that serve the operators of a service, not its callers.</summary>
internal static class ManagementPaths
{
    private static readonly PathString[] All =
        [HealthRegistration.LivenessPath, HealthRegistration.ReadinessPath, TelemetryRegistration.MetricsPath, OpenApiRegistration.PathPrefix];

    public static bool Contains(PathString path) => Array.Exists(All, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));
}
