using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Trellis.Images.Tests;

/// <summary>A registry with one image to pull (OCI distribution specification 1.1, "pull").</summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private readonly WebApplication _server;

    private BaseImageRegistry(BaseImage image)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapGet("/v2/", () => Results.Ok());
        _server.MapMethods("/v2/base/manifests/{reference}", ["GET", "HEAD"], (HttpResponse response) =>
        {
            response.Headers["Docker-Content-Digest"] = BaseImage.Digest(image.Manifest);
            return Results.Bytes(image.Manifest, "application/vnd.oci.image.manifest.v1+json");
        });
        _server.MapMethods("/v2/base/blobs/{digest}", ["GET", "HEAD"], (string digest) =>
            image.Blobs.TryGetValue(digest, out var blob) ? Results.Bytes(blob, "application/octet-stream") : Results.NotFound());
    }

    /// <summary>Host and port.</summary>
    public string Address => new Uri(_server.Urls.Single()).Authority;

    public static async Task<BaseImageRegistry> StartAsync()
    {
        var registry = new BaseImageRegistry(BaseImage.Make());
        await registry._server.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
