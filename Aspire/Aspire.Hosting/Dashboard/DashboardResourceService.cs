using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Serves <see cref="DashboardCalls"/> to the dashboard: gRPC over HTTP/2 without TLS, on a port of 127.0.0.1 that the system chooses, to callers
/// that know the key.
/// </summary>
internal sealed class DashboardResourceService(DashboardCalls calls, ResourceFeed resources, DashboardOptions options) : IAsyncDisposable
{
    /// <summary>The header that carries the key.</summary>
    public const string ApiKeyHeader = "x-resource-service-api-key";

    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(options.ResourceServiceApiKey));
    private WebApplication? _server;
    private Task _feed = Task.CompletedTask;

    /// <summary>Starts to read the model's notifications and to listen.</summary>
    /// <returns>The URL of the service.</returns>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        // The empty builder reads no configuration: the AppHost's ASPNETCORE_URLS is meant for the dashboard, not for this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton(calls);
        builder.Services.AddGrpc();

        _server = builder.Build();
        _server.Use(RequireKeyAsync);
        _server.MapGrpcService<DashboardCalls>();
        await _server.StartAsync(cancellationToken);
        _feed = resources.RunAsync(_stopping.Token);

        return new Uri(_server.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _feed;

        // Streams that are still open have nobody left to serve: the token that is already cancelled ends them at once.
        await _server.StopAsync(_stopping.Token);
        await _server.DisposeAsync();
        _stopping.Dispose();
        _server = null;
    }

    private Task RequireKeyAsync(HttpContext context, RequestDelegate next)
    {
        // Of hashes, so that the time says nothing about the key's length either.
        var offered = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers[ApiKeyHeader].ToString()));
        if (CryptographicOperations.FixedTimeEquals(offered, _keyHash))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    // The AppHost's own host listens to Ctrl+C and SIGTERM; a second listener would only race with it.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
