using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trellis.Hosting.Testing.Otlp;
using StatusCode = Grpc.Core.StatusCode;

namespace Trellis.Hosting.Testing.Tests.Telemetry;

/// <summary>What goes over the wire to the receiver, from OpenTelemetry's own exporters and from senders that break the rules.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private readonly Aspire.Hosting.Testing.IDistributedApplicationTestingBuilder _builder = Running.Builder();
    private readonly TelemetryReceiver _receiver;

    public OtlpTests() => _receiver = _builder.AddTelemetryReceiver();

    public Task InitializeAsync() => _builder.StartAsync();

    public async Task DisposeAsync() => await _builder.DisposeAsync();

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task What_OpenTelemetrys_SDK_sends_is_there_to_be_asked_for(OtlpExportProtocol protocol)
    {
        Send(protocol);

        var child = await _receiver.WaitForSpanAsync(s => s.Resource == "shop" && s.Name == "child");
        Assert.Equal(("probe", ActivityKind.Client, ActivityStatusCode.Error, "broken"), (child.Scope, child.Kind, child.Status, child.StatusDescription));
        Assert.Equal(("i-1", 42L, true, 0.5), (child.Source.Instance, child.Attributes["number"], child.Attributes["truth"], child.Attributes["real"]));
        Assert.Equal("[a, b]", child.Attributes.Text("list"));
        Assert.Null(child.Attributes["absent"]);
        Assert.Equal("exception", Assert.Single(child.Events).Name);
        Assert.InRange(child.Duration, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        var trace = await _receiver.WaitForTraceAsync(t => t.Spans.Count == 2);
        Assert.Equal("parent", trace.ParentOf(child)!.Name);
        Assert.Same(trace.ParentOf(child), Assert.Single(trace.Roots));
        Assert.Equal("child", Assert.Single(trace.ChildrenOf(trace.Roots[0])).Name);
        Assert.True(trace.IsCausedBy(child, trace.Roots[0]));
        Assert.False(trace.IsCausedBy(trace.Roots[0], child));
        Assert.Matches(@"(?s)  shop: parent .* ms\r?\n    shop: child \(error\) .* ms", trace.ToString());

        var log = await _receiver.WaitForLogAsync(l => l.Level == LogLevel.Warning && l.Attributes["Product"] is "lamp");
        Assert.Equal(("Category", "Out of lamp", child.TraceId), (log.Category, log.Text, log.TraceId));

        var counter = await _receiver.WaitForMetricAsync(m => m.Name == "sold" && m.Attributes["colour"] is "red");
        Assert.Equal((TelemetryMetricKind.Sum, 3.0, "{product}"), (counter.Kind, counter.Value, counter.Unit));
        var histogram = await _receiver.WaitForMetricAsync(m => m.Kind == TelemetryMetricKind.Histogram);
        Assert.Equal((2L, 6.0), (histogram.Count, histogram.Value));
    }

    [Fact]
    public async Task Packed_requests_are_unpacked()
    {
        var one = Payload.Span("over HTTP");
        using var answer = await _receiver.PostAsync(Payload.Packed(one), encoding: "gzip");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await _receiver.CallAsync(Payload.Span("over gRPC"), packed: true);

        Assert.Equal(["over HTTP", "over gRPC"], _receiver.Spans.Select(span => span.Name));
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_answered_so_that_the_sender_does_not_repeat_them()
    {
        byte[] garbage = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01];

        using var http = await _receiver.PostAsync(garbage);
        var grpc = await Assert.ThrowsAsync<RpcException>(() => _receiver.CallAsync(garbage));

        Assert.Equal(HttpStatusCode.BadRequest, http.StatusCode);
        Assert.Equal("application/x-protobuf", http.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(RpcStatus.Parser.ParseFrom(await http.Content.ReadAsByteArrayAsync()).Message);
        Assert.Equal(StatusCode.InvalidArgument, grpc.StatusCode);
    }

    [Fact]
    public async Task What_is_packed_wrongly_or_not_protobuf_is_refused()
    {
        using var broken = await _receiver.PostAsync([1, 2, 3], encoding: "gzip");
        using var unknown = await _receiver.PostAsync([1, 2, 3], encoding: "zip");
        using var json = await _receiver.PostAsync("{}"u8.ToArray(), type: "application/json");
        using var nowhere = await _receiver.PostAsync([], path: "v1/profiles");

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.NotFound],
            [broken.StatusCode, unknown.StatusCode, json.StatusCode, nowhere.StatusCode]);
    }

    [Fact]
    public async Task A_request_that_unpacks_to_more_than_fits_is_refused()
    {
        var bomb = Payload.Packed(new byte[OtlpServer.MaximumRequest + 1]);

        using var http = await _receiver.PostAsync(bomb, encoding: "gzip");
        var grpc = await Assert.ThrowsAsync<RpcException>(() => _receiver.CallAsync(new byte[OtlpServer.MaximumRequest + 1], packed: true));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, http.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, grpc.StatusCode);
    }

    [Fact]
    public async Task Who_does_not_know_the_key_is_turned_away()
    {
        using var http = await _receiver.PostAsync(Payload.Span("foreign"), key: "guessed");
        var grpc = await Assert.ThrowsAsync<RpcException>(() => _receiver.CallAsync(Payload.Span("foreign"), key: "guessed"));

        Assert.Equal(HttpStatusCode.Unauthorized, http.StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, grpc.StatusCode);
        Assert.Empty(_receiver.Spans);
    }

    [Fact]
    public async Task A_span_without_an_id_is_counted_as_rejected_in_the_answer()
    {
        var answer = ExportAnswer.Parser.ParseFrom(await _receiver.CallAsync(Payload.Span("nameless", traceId: new string('0', 32))));

        Assert.Equal(1, answer.PartialSuccess.Rejected);
        Assert.Contains("trace id", answer.PartialSuccess.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(_receiver.Spans);
    }

    [Fact]
    public async Task A_counter_that_is_sent_as_differences_is_added_up_for_each_sender()
    {
        foreach (var (value, instance) in ((double, string)[])[(2, "a"), (3, "a"), (10, "b")])
        {
            (await _receiver.PostAsync(Payload.DeltaOf("sold", value, instance), path: "v1/metrics")).Dispose();
        }

        Assert.Equal([("a", 5.0), ("b", 10.0)], _receiver.Metrics.Select(metric => (metric.Source.Instance!, metric.Value)));
    }

    private void Send(OtlpExportProtocol protocol)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("shop", serviceInstanceId: "i-1");
        using var source = new ActivitySource("probe");
        using var meter = new Meter("probe");
        using var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(source.Name).AddOtlpExporter(o => Configure(o, "traces")).Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(meter.Name).AddOtlpExporter(o => Configure(o, "metrics")).Build();
        using var logs = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(resource).AddOtlpExporter(o => Configure(o, "logs"));
            options.IncludeFormattedMessage = true;
        }));

        using (source.StartActivity("parent"))
        {
            using var child = source.StartActivity("child", ActivityKind.Client)!;
            child.SetTag("number", 42).SetTag("truth", true).SetTag("real", 0.5).SetTag("list", new[] { "a", "b" });
            child.AddException(new InvalidOperationException("broken")).SetStatus(ActivityStatusCode.Error, "broken");
#pragma warning disable CA1848, CA2254 // One message in one test.
            logs.CreateLogger("Category").LogWarning("Out of {Product}", "lamp");
#pragma warning restore CA1848, CA2254
        }

        meter.CreateCounter<int>("sold", "{product}").Add(3, new KeyValuePair<string, object?>("colour", "red"));
        var duration = meter.CreateHistogram<double>("took", "s");
        duration.Record(2);
        duration.Record(4);

        void Configure(OtlpExporterOptions options, string signal)
        {
            options.Protocol = protocol;
            options.Endpoint = protocol == OtlpExportProtocol.Grpc ? _receiver.GrpcEndpoint : new Uri(_receiver.HttpEndpoint, $"v1/{signal}");
            options.Headers = $"x-otlp-api-key={_receiver.ApiKey}";
        }
    }
}
