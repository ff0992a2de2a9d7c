using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Http;

/// <summary>
/// What gRPC clients (<c>AddGrpcClient</c>) have beside the handlers of every client. A call is a POST, and so repeated only when it was never sent.
/// </summary>
internal static class GrpcDefaults
{
    public static void AddGrpcDefaults(this IServiceCollection services)
    {
        services.AddSingleton<IConfigureOptions<GrpcClientFactoryOptions>, Deadlines>();
        services.PostConfigure<ExceptionHandlerOptions>(handler =>
        {
            var others = handler.StatusCodeSelector;
            handler.StatusCodeSelector = exception =>
                exception is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted }
                    or RpcException { Status.DebugException: HttpRequestException }
                    ? StatusCodes.Status503ServiceUnavailable
                    : others?.Invoke(exception) ?? StatusCodes.Status500InternalServerError;
        });
    }

    /// <summary>
    /// Whether a request is a gRPC call without a deadline, which is a stream. Its server may answer not even with headers until there is a first
    /// message, and that is no sign that it hangs.
    /// </summary>
    /// <param name="request">The request.</param>
    public static bool IsUnbounded(HttpRequestMessage? request) =>
        request?.Content?.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) == true
        && !request.Headers.Contains("grpc-timeout");

    private sealed class Deadlines(IOptionsMonitor<HttpClientSettings> settings, TimeProvider time) : IConfigureNamedOptions<GrpcClientFactoryOptions>
    {
        public void Configure(GrpcClientFactoryOptions options) => Configure(Options.DefaultName, options);

        public void Configure(string? name, GrpcClientFactoryOptions options) => options.InterceptorRegistrations.Insert(
            0, new InterceptorRegistration(InterceptorScope.Client, _ => new DefaultDeadline(settings.Get(name ?? Options.DefaultName), time)));
    }
}
