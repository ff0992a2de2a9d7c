using Microsoft.AspNetCore.Http;
using Trellis.ServiceDefaults.Health;
using Trellis.ServiceDefaults.Telemetry;

namespace Trellis.ServiceDefaults.Management;

/// <summary>The paths that serve the operators of a service, not its callers.</summary>
internal static class ManagementPaths
{
    /// <summary>Where a service that describes itself has its OpenAPI document.</summary>
    public const string OpenApi = "/openapi";

    /// <summary>Where a service with messages has its dead letters.</summary>
    public const string DeadLetters = "/dead-letters";

    /// <summary>Where a service whose broker keeps messages has them handled again.</summary>
    public const string Messages = "/messages";

    /// <summary>Where a service with jobs has their dashboard.</summary>
    private const string Jobs = "/jobs";

    /// <summary>Where a service that speaks gRPC has its health.</summary>
    private const string GrpcHealth = "/grpc.health.v1.Health";

    private static readonly PathString[] All =
        [HealthRegistration.LivenessPath, HealthRegistration.ReadinessPath, TelemetryRegistration.MetricsPath, OpenApi, DeadLetters, Messages, Jobs];

    public static bool Contains(PathString path) => Array.Exists(All, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the path answers, one way or the other, while the service still starts.</summary>
    public static bool AnswersWhileStarting(PathString path) =>
        (Contains(path) && !path.StartsWithSegments(Jobs, StringComparison.OrdinalIgnoreCase)) || path.StartsWithSegments(GrpcHealth, StringComparison.Ordinal);
}
