using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Trellis.Hosting.Testing.Otlp;

namespace Trellis.Hosting.Testing.Tests.Telemetry;

/// <summary>Requests as an exporter would send them, and as it should not.</summary>
internal static class Payload
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    /// <summary>A request with a span.</summary>
    public static byte[] Span(string name, string traceId = "0af7651916cd43dd8448eb211c80319c", string spanId = "b7ad6b7169203331", int kind = 0) =>
        new TracesRequest
        {
            Resources =
            {
                new SpansOfResource
                {
                    Resource = new Attributed { Attributes = { Text("service.name", "sender") } },
                    Scopes =
                    {
                        new SpansOfScope
                        {
                            Spans =
                            {
                                new Span
                                {
                                    Name = name,
                                    TraceId = ByteString.CopyFrom(Convert.FromHexString(traceId)),
                                    SpanId = ByteString.CopyFrom(Convert.FromHexString(spanId)),
                                    Kind = kind,
                                },
                            },
                        },
                    },
                },
            },
        }.ToByteArray();

    /// <summary>A request with a value that a counter has grown by since the request before.</summary>
    public static byte[] DeltaOf(string counter, double value, string instance) => new MetricsRequest
    {
        Resources =
        {
            new MetricsOfResource
            {
                Resource = new Attributed { Attributes = { Text("service.name", "sender"), Text("service.instance.id", instance) } },
                Scopes =
                {
                    new MetricsOfScope { Metrics = { new Metric { Name = counter, Sum = new Sum { Temporality = 1, Points = { new NumberPoint { AsDouble = value } } } } } },
                },
            },
        },
    }.ToByteArray();

    public static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { Text = value } };

    public static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static async Task<HttpResponseMessage> PostAsync(
        this TelemetryReceiver receiver, byte[] body, string path = "v1/traces", string? encoding = null, string type = "application/x-protobuf", string? key = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(receiver.HttpEndpoint, path)) { Content = new ByteArrayContent(body) };
        request.Headers.Add("x-otlp-api-key", key ?? receiver.ApiKey);
        request.Content.Headers.Add("Content-Type", type);
        if (encoding is not null)
        {
            request.Content.Headers.Add("Content-Encoding", encoding);
        }

        return await client.SendAsync(request, Running.Deadline);
    }

    public static async Task<byte[]> CallAsync(this TelemetryReceiver receiver, byte[] request, bool packed = false, string? key = null)
    {
        using var channel = GrpcChannel.ForAddress(receiver.GrpcEndpoint);
        var headers = new Metadata { { "x-otlp-api-key", key ?? receiver.ApiKey } };
        if (packed)
        {
            headers.Add("grpc-internal-encoding-request", "gzip");
        }

        var export = new Method<byte[], byte[]>(MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", Raw, Raw);
        return await channel.CreateCallInvoker().AsyncUnaryCall(export, host: null, new CallOptions(headers, cancellationToken: Running.Deadline), request);
    }
}
