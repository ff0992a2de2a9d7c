using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>What a service that speaks gRPC gets; where none does, nobody reads it.</summary>
internal static class GrpcServerDefaults
{
    /// <summary>
    /// gRPC's own answer for services and methods that it does not know would also stand in for the routes that are not gRPC's, where a request has no body.
    /// Without it such a call gets 404, which clients know as UNIMPLEMENTED.
    /// </summary>
    public static void AddGrpcServerDefaults(this IServiceCollection services) =>
        services.Configure<GrpcServiceOptions>(grpc => grpc.IgnoreUnknownServices = true);
}
