using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Trellis.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Metrics_of_requests_the_runtime_and_named_meters_are_scraped(string environment)
    {
        using var meter = new Meter("Orders");
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/items", () => "items"),
            builder => builder.AddTelemetrySource("Orders"),
            environment: environment);
        meter.CreateCounter<long>("orders.placed").Add(3);
        await service.Http.GetAsync("/items");
        await service.Http.GetAsync("/health");

        var metrics = await service.Http.GetStringAsync("/metrics");

        Assert.Contains("http_server_request_duration_seconds_count", metrics, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/items\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^http_server_request.*/health", metrics);
        Assert.Contains("dotnet_gc_collections_total", metrics, StringComparison.Ordinal);
        Assert.Matches("(?m)^orders_placed_total.* 3( |$)", metrics);
    }

    [Fact]
    public async Task Requests_are_traced_and_probes_and_scrapes_are_not()
    {
        var spans = new RecordedSpans();
        await using var service = await TestService.StartAsync(app => app.MapGet("/items", () => "items"), spans.Record);

        foreach (var path in new[] { "/health", "/ready", "/metrics", "/items" })
        {
            Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(path)).StatusCode);
        }

        await Eventually.TrueAsync(() => spans.OfTheServer.Count > 0, "a span of the request");
        Assert.Equal("GET /items", Assert.Single(spans.OfTheServer).DisplayName);
    }

    [Fact]
    public async Task Spans_of_the_database_and_of_named_sources_are_collected()
    {
        using var npgsql = new ActivitySource("Npgsql");
        using var orders = new ActivitySource("Orders");
        using var other = new ActivitySource("Other");
        var spans = new RecordedSpans();
        await using var service = await TestService.StartAsync(configure: builder =>
        {
            spans.Record(builder);
            builder.AddTelemetrySource("Orders");
        });

        npgsql.StartActivity("select")?.Dispose();
        orders.StartActivity("place")?.Dispose();
        other.StartActivity("unknown")?.Dispose();

        Assert.Equal(["select", "place"], spans.Ended.Select(span => span.DisplayName));
    }

    [Fact]
    public async Task A_call_from_one_service_to_another_is_one_trace()
    {
        var spans = new RecordedSpans();
        await using var callee = await TestService.StartAsync(app => app.MapGet("/", (HttpContext context) =>
            context.Request.Headers.TraceParent.ToString()));
        await using var caller = await TestService.StartAsync(
            app => app.MapGet("/call", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(callee.App.Urls.First())),
            spans.Record);

        var traceParent = await caller.Http.GetStringAsync("/call");

        await Eventually.TrueAsync(() => spans.OfTheServer.Any(span => span.DisplayName == "GET /call"), "the caller's span");
        var server = spans.OfTheServer.Single(span => span.DisplayName == "GET /call");
        Assert.Contains(server.TraceId.ToHexString(), traceParent, StringComparison.Ordinal);
        Assert.Contains(spans.Ended, span => span.Kind == ActivityKind.Client && span.ParentSpanId == server.SpanId);
    }

    [Fact]
    public async Task Traces_metrics_and_logs_are_exported_when_an_endpoint_is_configured()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await TestService.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received[signal] = System.Text.Encoding.Latin1.GetString(body.ToArray());
        }));

        await using (var service = await TestService.StartAsync(
            app => app.MapGet("/items", () => "items"),
            settings: new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.App.Urls.First(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_SERVICE_NAME"] = "thisservice",
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=here",
                ["Logging:LogLevel:Default"] = "Information",
            }))
        {
            await service.Http.GetAsync("/items");
            await service.App.StopAsync();
        }

        await Eventually.TrueAsync(() => received.Count == 3, "all three signals");
        Assert.Contains("GET /items", received["traces"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("Application started", received["logs"], StringComparison.Ordinal);
        Assert.All(received.Values, payload => Assert.Contains("thisservice", payload, StringComparison.Ordinal));
        Assert.All(received.Values, payload => Assert.Contains("deployment.environment.name", payload, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_is_down_neither_fails_nor_delays_a_request()
    {
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/items", () => "items"),
            settings: new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" });

        Assert.Equal("items", await service.Http.GetStringAsync("/items").WaitAsync(TimeSpan.FromSeconds(2)));
    }

    private sealed class RecordedSpans : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        // The tests' own calls are spans as well: everything here is one process.
        public IReadOnlyCollection<Activity> OfTheServer => [.. Ended.Where(span => span.Kind == ActivityKind.Server)];

        public void Record(WebApplicationBuilder builder) =>
            builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(this));

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
