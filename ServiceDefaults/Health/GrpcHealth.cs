using Grpc.Core;
using Grpc.Health.V1;

namespace Trellis.ServiceDefaults.Health;

/// <summary>
/// The gRPC health protocol (grpc.health.v1): the empty service name and <c>readiness</c> answer as <c>/ready</c> does,
/// <c>liveness</c> as <c>/health</c>.
/// </summary>
internal sealed class GrpcHealth(Readiness readiness, Draining draining, TimeProvider time) : Grpc.Health.V1.Health.HealthBase
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        await StatusAsync(request.Service, context.CancellationToken) is { } status
            ? new HealthCheckResponse { Status = status }
            : throw new RpcException(new Status(StatusCode.NotFound, "There is no service of this name here; ask for \"\", readiness or liveness."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var told = HealthCheckResponse.Types.ServingStatus.Unknown;
        using var timer = new PeriodicTimer(WatchInterval, time);
        do
        {
            var status = await StatusAsync(request.Service, context.CancellationToken) ?? HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
            if (status != told)
            {
                told = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            }
        }
        // A watcher would hold up the stop until its time is over; it was told what it has to know.
        while (!draining.HasBegun && await timer.WaitForNextTickAsync(context.CancellationToken));
    }

    private async Task<HealthCheckResponse.Types.ServingStatus?> StatusAsync(string service, CancellationToken cancellationToken) => service switch
    {
        "" or "readiness" => (await readiness.ReportAsync(cancellationToken)).IsReady
            ? HealthCheckResponse.Types.ServingStatus.Serving
            : HealthCheckResponse.Types.ServingStatus.NotServing,
        "liveness" => HealthCheckResponse.Types.ServingStatus.Serving,
        _ => null,
    };
}
