namespace Aspire.Hosting;

/// <summary>How telemetry travels.</summary>
public enum OtlpProtocol
{
    /// <summary>OTLP over gRPC.</summary>
    Grpc = 0,

    /// <summary>OTLP over HTTP with protobuf bodies.</summary>
    HttpProtobuf = 1,
}
