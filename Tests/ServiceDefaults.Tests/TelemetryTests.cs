using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Trellis.ServiceDefaults.Telemetry;

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
    public async Task Traces_metrics_and_logs_are_exported_with_what_they_are_about_when_an_endpoint_is_configured()
    {
        await using var collector = await Collector.StartAsync();
        var settings = collector.Settings;
        settings["OTEL_SERVICE_NAME"] = "thisservice";
        settings["OTEL_RESOURCE_ATTRIBUTES"] = "team=blue";
        settings["K8S_POD_NAME"] = "pod-7";
        settings["K8S_NAMESPACE_NAME"] = "namespace-1";
        settings["K8S_NODE_NAME"] = "node-3";
        settings["K8S_POD_UID"] = "3e7c8bcb-uid";
        settings["Logging:LogLevel:Default"] = "Information";
        await using (var service = await TestService.StartAsync(app => app.MapGet("/items", () => "items").AllowAnonymous(), settings: settings))
        {
            await service.Http.GetAsync("/items");
            await service.App.StopAsync();
        }

        string[] signals = ["traces", "metrics", "logs"];
        await Eventually.TrueAsync(() => signals.All(signal => collector.Received(signal).Length > 0), "All three signals");
        Assert.Contains("GET /items", collector.Received("traces"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("Application started", collector.Received("logs"), StringComparison.Ordinal);
        string[] resource =
        [
            "thisservice", "team", "service.version", "service.instance.id", "3e7c8bcb-uid", "deployment.environment.name", "production",
            "k8s.pod.name", "pod-7", "k8s.namespace.name", "namespace-1", "k8s.node.name", "node-3", "k8s.pod.uid",
        ];
        Assert.All(signals, signal => Assert.All(resource, part => Assert.Contains(part, collector.Received(signal), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Records_the_share_of_traces_that_is_set_and_every_trace_that_is_recorded_elsewhere()
    {
        const string Elsewhere = "0af7651916cd43dd8448eb211c80319c";
        var spans = new RecordedSpans();
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/items", () => "items").AllowAnonymous(), spans.Record, new() { ["Telemetry:SamplingRatio"] = "0" });

        // The tests' own process is the caller, and would put its own trace in the place of these.
        using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
        using var caller = new HttpClient(handler) { BaseAddress = service.Http.BaseAddress };

        await caller.GetAsync("/items");
        await caller.SendAsync(With("00-1bf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"));
        await caller.SendAsync(With($"00-{Elsewhere}-b7ad6b7169203331-01"));

        await Eventually.TrueAsync(() => spans.OfTheServer.Count > 0, "The recorded trace");
        Assert.Equal([Elsewhere], spans.OfTheServer.Select(span => span.TraceId.ToHexString()));
        Assert.Equal(0.1, new TelemetrySettings().SamplingRatio);

        static HttpRequestMessage With(string parent) => new(HttpMethod.Get, "/items") { Headers = { { "traceparent", parent } } };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_is_down_or_hangs_slows_no_request_and_fills_no_memory(bool hangs)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = hangs ? ((IPEndPoint)silent.LocalEndpoint).Port : 1;
        await using var service = await ServiceProcess.StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["Telemetry__SamplingRatio"] = "1",
            // A small heap: what is kept without bound does not fit.
            ["DOTNET_GCHeapHardLimit"] = "0x4000000",
        });

        var slowest = TimeSpan.Zero;
        for (var round = 0; round < 100; round++)
        {
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, 150).Select(async _ => (await service.Http.GetAsync("/items/1")).EnsureSuccessStatusCode()));
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
        }

        Assert.InRange(slowest.TotalSeconds, 0, 5);
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
