using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Trellis.Gateway.Tests;

/// <summary>A service behind the gateway, which tells what reached it.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _closing = new();

    private Backend(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public int Port => new Uri(Address).Port;

    /// <summary>Starts a service that answers every request with a description of it.</summary>
    /// <param name="name">What it calls itself.</param>
    /// <param name="port">Its port; 0 for one the system chooses.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The backend disposes it.")]
    public static async Task<Backend> StartAsync(string name = "catalog", int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var backend = new Backend(app);
        app.UseWebSockets();
        app.Map("/api/catalog/hang", async (HttpContext context) => await backend._closing.Task.WaitAsync(context.RequestAborted));
        app.Map("/api/catalog/echo", EchoAsync);
        app.Map("/api/catalog/missing", () => Results.NotFound(new { title = "No such product" }));
        app.Map("/{**path}", async (HttpContext context) => await context.Response.WriteAsJsonAsync(new Seen(
            name,
            context.Request.Method,
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await LengthAsync(context.Request.Body))));
        await app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        await _app.DisposeAsync();
    }

    private static async Task<long> LengthAsync(Stream body)
    {
        var buffer = new byte[64 * 1024];
        long length = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            length += read;
        }

        return length;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, endOfMessage: true, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
    }
}
