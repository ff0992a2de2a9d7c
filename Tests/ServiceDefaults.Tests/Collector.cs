using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Tests;

/// <summary>Receives OTLP over HTTP and keeps what it gets as text; strings are readable in it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signal, string Payload)> _received = new();
    private TestService _service = null!;

    /// <summary>The settings that make a service export to it.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _service.App.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        collector._service = await TestService.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            collector._received.Enqueue((signal, Encoding.UTF8.GetString(body.ToArray())));
        }).AllowAnonymous());
        return collector;
    }

    /// <summary>All that came of a signal: traces, metrics or logs.</summary>
    public string Received(string signal) => string.Concat(_received.Where(item => item.Signal == signal).Select(item => item.Payload));

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
