using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Health;

internal static class GrpcHealthRegistration
{
    /// <summary>Where the service speaks gRPC (it called AddGrpc), its health does too.</summary>
    public static void MapGrpcHealth(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IGrpcServiceActivator<GrpcHealth>)) == true)
        {
            endpoints.MapGrpcService<GrpcHealth>().AllowAnonymous().DisableHttpMetrics();
        }
    }
}
