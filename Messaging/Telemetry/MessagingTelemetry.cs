using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Trellis.Messaging.Telemetry;

/// <summary>Spans and metrics by OpenTelemetry's semantic conventions for messaging.</summary>
internal sealed class MessagingTelemetry : IDisposable
{
    public const string Name = "Trellis.Messaging";

    private readonly Meter _meter;
    private long _depth;
    private double _age;
    private long _scheduled;
    private long _parked;

    public MessagingTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        Published = _meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that the broker confirmed.");
        PublishFailed = _meter.CreateCounter<long>("trellis.messaging.outbox.failed", "{failure}", "Attempts to send a batch that failed, and rows parked.");
        Consumed = _meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages handed to this consumer.");
        Duplicates = _meter.CreateCounter<long>("trellis.messaging.inbox.duplicates", "{message}", "Messages that had taken effect before.");
        Retries = _meter.CreateCounter<long>("trellis.messaging.inbox.retries", "{message}", "Messages to be tried again.");
        DeadLettered = _meter.CreateCounter<long>("trellis.messaging.inbox.dead_lettered", "{message}", "Messages set aside.");
        ProcessDuration = _meter.CreateHistogram<double>("messaging.process.duration", "s", "Time of handler and commit.");
        _meter.CreateObservableGauge("trellis.messaging.outbox.depth", () => Volatile.Read(ref _depth), "{message}", "Rows of the outbox that are to be sent now.");
        _meter.CreateObservableGauge("trellis.messaging.outbox.age", () => Volatile.Read(ref _age), "s", "How long the oldest of them has been due.");
        _meter.CreateObservableGauge("trellis.messaging.outbox.scheduled", () => Volatile.Read(ref _scheduled), "{message}", "Rows of the outbox that are not due yet.");
        _meter.CreateObservableGauge("trellis.messaging.outbox.parked", () => Volatile.Read(ref _parked), "{message}", "Rows that the broker will never take.");
    }

    public static ActivitySource Source { get; } = new(Name);

    public Counter<long> Published { get; }

    public Counter<long> PublishFailed { get; }

    public Counter<long> Consumed { get; }

    public Counter<long> Duplicates { get; }

    public Counter<long> Retries { get; }

    public Counter<long> DeadLettered { get; }

    public Histogram<double> ProcessDuration { get; }

    public void OutboxIs(long depth, double ageSeconds, long scheduled, long parked)
    {
        Volatile.Write(ref _depth, depth);
        Volatile.Write(ref _age, ageSeconds);
        Volatile.Write(ref _scheduled, scheduled);
        Volatile.Write(ref _parked, parked);
    }

    /// <summary>Starts a span with the attributes every messaging span has; null when nobody listens.</summary>
    public static Activity? Start(string operation, string operationType, ActivityKind kind, string type, Guid id, ActivityContext parent)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var span = Source.CreateActivity($"{operation} {type}", kind, parent);
        span?.SetTag("messaging.operation.name", operation);
        span?.SetTag("messaging.operation.type", operationType);
        span?.SetTag("messaging.destination.name", type);
        span?.SetTag("messaging.message.id", id.ToString());
        return span?.Start();
    }

    /// <summary>The trace context in CloudEvents' extension for distributed tracing.</summary>
    public static ActivityContext ContextOf(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("traceparent", out var parent)
        && ActivityContext.TryParse(parent, headers.GetValueOrDefault("tracestate"), isRemote: true, out var context)
            ? context
            : default;

    public void Dispose() => _meter.Dispose();
}
