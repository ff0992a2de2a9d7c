using System.Net;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trellis.Hosting.Testing;

/// <summary>
/// Listens for OTLP on two ports of 127.0.0.1 that the system chooses, one for gRPC and one for HTTP: without TLS, a port can speak only one version of HTTP.
/// </summary>
internal sealed class OtlpServer(OtlpIntake intake, string apiKey) : IAsyncDisposable, IDisposable
{
    /// <summary>The header that carries the key; the one that Aspire uses.</summary>
    public const string ApiKeyHeader = "x-otlp-api-key";

    /// <summary>The largest request that is read, in bytes, once it is unpacked. Exporters send at most a few hundred kilobytes.</summary>
    public const int MaximumRequest = 16 * 1024 * 1024;

    private static readonly Marshaller<byte[]> Raw = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private readonly byte[] _keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));
    private WebApplication? _server;

    /// <summary>Starts to listen.</summary>
    /// <returns>The addresses for the two protocols.</returns>
    public async Task<(Uri Grpc, Uri Http)> StartAsync(CancellationToken cancellationToken)
    {
        // The empty builder reads no configuration: settings like ASPNETCORE_URLS in the environment of the tests are not meant for this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumRequest;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddRequestDecompression();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = MaximumRequest);

        _server = builder.Build();
        _server.Use(RequireKeyAsync);
        _server.UseWhen(context => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal), branch => branch.UseRequestDecompression());
        _server.MapGrpcService(GrpcServices());
        new OtlpHttp(intake).Map(_server);
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);

        // In the order in which they were configured.
        var urls = _server.Urls.ToArray();
        return (new Uri(urls[0]), new Uri(urls[1]));
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            // Services keep their connections open; there is nothing to wait for.
            await server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    // The methods take bytes, so that bytes that are no message are answered as the specification has it: gRPC's own answer would make the sender repeat them.
    private ServerServiceDefinition GrpcServices()
    {
        return ServerServiceDefinition.CreateBuilder()
            .AddMethod(Export("trace.v1.TraceService"), (request, _) => Answer(intake.AddTraces, request))
            .AddMethod(Export("logs.v1.LogsService"), (request, _) => Answer(intake.AddLogs, request))
            .AddMethod(Export("metrics.v1.MetricsService"), (request, _) => Answer(intake.AddMetrics, request))
            .Build();

        static Method<byte[], byte[]> Export(string service) => new(MethodType.Unary, $"opentelemetry.proto.collector.{service}", "Export", Raw, Raw);
    }

    private Task<byte[]> Answer(Func<byte[], byte[]> add, byte[] request)
    {
        try
        {
            return Task.FromResult(add(request));
        }
        catch (InvalidProtocolBufferException exception)
        {
            intake.Refuse(exception.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
    }

    private Task RequireKeyAsync(HttpContext context, RequestDelegate next)
    {
        // Of hashes, so that the time says nothing about the key's length either.
        var offered = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers[ApiKeyHeader].ToString()));
        if (CryptographicOperations.FixedTimeEquals(offered, _keyHash))
        {
            return next(context);
        }

        const string Refusal = $"The header {ApiKeyHeader} does not hold the receiver's key.";
        intake.Refuse(Refusal);

        // gRPC clients read the status 401 as Unauthenticated.
        return OtlpHttp.RefuseAsync(context, StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, Refusal);
    }

    // The host of the tests listens to signals; a second listener would only race with it.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
