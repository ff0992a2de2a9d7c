using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Spans of publishing and consuming (OpenTelemetry's semantic conventions for messaging), and the trace context in a message's headers (W3C Trace Context).</summary>
internal static class KafkaSpans
{
    public const string SourceName = "Aspire.Confluent.Kafka";

    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins to publish, and tells the message of it.</summary>
    public static Activity? Publish<TKey, TValue>(string topic, Message<TKey, TValue> message)
    {
        var span = Source.StartActivity($"{topic} publish", ActivityKind.Producer);
        if ((span ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C, Id: { } id } context)
        {
            message.Headers ??= [];
            Set(message.Headers, TraceParent, id);
            Set(message.Headers, TraceState, context.TraceStateString);
        }

        Describe(span, "publish", topic);
        return span;
    }

    /// <summary>Notes that something has come; it is linked to what sent it, and belongs to who waited for it.</summary>
    public static void Received<TKey, TValue>(ConsumeResult<TKey, TValue>? result, string? group, DateTimeOffset asked)
    {
        if (result is not { IsPartitionEOF: false, Message: not null })
        {
            return;
        }

        var links = ActivityContext.TryParse(Read(result.Message.Headers, TraceParent), Read(result.Message.Headers, TraceState), isRemote: true, out var sender)
            ? [new ActivityLink(sender)]
            : Array.Empty<ActivityLink>();
        using var span = Source.StartActivity($"{result.Topic} receive", ActivityKind.Consumer, parentContext: Activity.Current?.Context ?? default, links: links, startTime: asked);
        Describe(span, "receive", result.Topic);
        span?.SetTag("messaging.consumer.group.name", group);
        span?.SetTag("messaging.destination.partition.id", result.Partition.Value);
        span?.SetTag("messaging.kafka.offset", result.Offset.Value);
    }

    /// <summary>Notes where a message has come to lie, or that it has not.</summary>
    public static void Delivered(Activity? span, TopicPartitionOffset place, Error? error)
    {
        span?.SetTag("messaging.destination.partition.id", place.Partition.Value);
        span?.SetTag("messaging.kafka.offset", place.Offset.Value);
        if (error is { IsError: true })
        {
            span?.SetTag("error.type", error.Code.ToString());
            span?.SetStatus(ActivityStatusCode.Error, error.Reason);
        }
    }

    private static void Describe(Activity? span, string operation, string topic)
    {
        span?.SetTag("messaging.system", "kafka");
        span?.SetTag("messaging.operation.name", operation);
        span?.SetTag("messaging.operation.type", operation);
        span?.SetTag("messaging.destination.name", topic);
    }

    private static void Set(Headers headers, string name, string? value)
    {
        headers.Remove(name);
        if (!string.IsNullOrEmpty(value))
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }

    private static string? Read(Headers? headers, string name) => headers?.TryGetLastBytes(name, out var value) == true ? Encoding.UTF8.GetString(value) : null;
}
