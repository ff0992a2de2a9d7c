using Google.Protobuf;
using Trellis.Hosting.Testing.Otlp;

namespace Trellis.Hosting.Testing;

/// <summary>Takes requests of OTLP in, whatever brought them, and keeps what they hold.</summary>
internal sealed class OtlpIntake(long capacity)
{
    private TaskCompletionSource _change = NewSignal();
    private long _refused;

    public TelemetryBuffer<TelemetrySpan> Spans { get; } = new(capacity);

    public TelemetryBuffer<TelemetryLog> Logs { get; } = new(capacity);

    public MetricBuffer Metrics { get; } = new(capacity);

    /// <summary>How many requests were not taken in.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Why the last request was not taken in.</summary>
    public string? LastRefusal { get; private set; }

    /// <summary>Ends when something comes in that is not there yet.</summary>
    public Task Change => Volatile.Read(ref _change).Task;

    /// <summary>Remembers that a request was refused, for the message of the test that waits for what it held.</summary>
    public void Refuse(string reason)
    {
        LastRefusal = reason;
        Interlocked.Increment(ref _refused);
    }

    /// <summary>Takes in a request of the trace service.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such request.</exception>
    public byte[] AddTraces(byte[] request)
    {
        var rejected = 0L;
        foreach (var (span, size) in OtlpReader.Spans(TracesRequest.Parser.ParseFrom(request)))
        {
            if (span is null)
            {
                rejected++;
            }
            else
            {
                Spans.Add(span, size);
            }
        }

        return Taken(rejected, "A span needs a trace id of 16 bytes and a span id of 8 bytes that are not all zero.");
    }

    /// <summary>Takes in a request of the logs service.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such request.</exception>
    public byte[] AddLogs(byte[] request)
    {
        foreach (var (log, size) in OtlpReader.Logs(LogsRequest.Parser.ParseFrom(request)))
        {
            Logs.Add(log, size);
        }

        return Taken();
    }

    /// <summary>Takes in a request of the metrics service.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such request.</exception>
    public byte[] AddMetrics(byte[] request)
    {
        foreach (var (metric, isDelta, size) in OtlpReader.Metrics(MetricsRequest.Parser.ParseFrom(request)))
        {
            Metrics.Add(metric, isDelta, size);
        }

        return Taken();
    }

    private byte[] Taken(long rejected = 0, string reason = "")
    {
        Interlocked.Exchange(ref _change, NewSignal()).TrySetResult();
        if (rejected == 0)
        {
            return [];
        }

        Refuse(reason);
        return new ExportAnswer { PartialSuccess = new PartialSuccess { Rejected = rejected, ErrorMessage = reason } }.ToByteArray();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
