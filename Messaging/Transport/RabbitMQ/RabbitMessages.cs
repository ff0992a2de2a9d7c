using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>Messages as AMQP has them: CloudEvents attributes are headers with a prefix, the content is the body as it is.</summary>
internal static class RabbitMessages
{
    public const string ReasonHeader = "trellis-reason";
    public const string AttemptsHeader = "trellis-attempts";
    public const string DeadSinceHeader = "trellis-dead-since";

    private const string KeyHeader = "trellis-partition-key";
    private const string DeliveryCount = "x-delivery-count";
    private const string DataContentType = "datacontenttype";
    private const string PartitionKey = "partitionkey";

    // The binding knows two prefixes; what is sent has the one that is also a name in JMS.
    private const string Prefix = "cloudEvents_";
    private const string OtherPrefix = "cloudEvents:";

    /// <summary>All headers share one frame, which by default has at most 128 KiB.</summary>
    private const int MaxHeaderBytes = 100 * 1024;

    /// <summary>Whether attributes can be sent at all.</summary>
    public static bool Fits(TransportMessage message)
        => message.Headers.Sum(header => Encoding.UTF8.GetMaxByteCount(header.Key.Length + header.Value.Length) + Prefix.Length + 8) < MaxHeaderBytes;

    public static BasicProperties PropertiesOf(TransportMessage message)
    {
        var headers = new Dictionary<string, object?>(message.Headers.Count + 1, StringComparer.Ordinal);
        foreach (var (name, value) in message.Headers)
        {
            if (name != DataContentType)
            {
                headers[Prefix + name] = value;
            }
        }

        if (message.PartitionKey is { } key && message.Headers.GetValueOrDefault(PartitionKey) != key)
        {
            headers[KeyHeader] = key;
        }

        var properties = new BasicProperties { Persistent = true, MessageId = message.Id.ToString(), Type = message.Type, Headers = headers };
        if (message.Headers.TryGetValue(DataContentType, out var contentType))
        {
            properties.ContentType = contentType;
        }

        return properties;
    }

    /// <summary>Reads a message; the body is copied, because the client uses its memory again.</summary>
    /// <returns>Null when it is not one of ours.</returns>
    public static TransportMessage? Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) || name.StartsWith(OtherPrefix, StringComparison.Ordinal))
            {
                headers[name[Prefix.Length..]] = TextOf(value);
            }
        }

        if (properties.IsContentTypePresent())
        {
            headers[DataContentType] = properties.ContentType!;
        }

        var type = headers.GetValueOrDefault("type") ?? properties.Type;
        return type is not null && Guid.TryParse(headers.GetValueOrDefault("id") ?? properties.MessageId, out var id)
            ? new TransportMessage(id, type, TextOf(properties, KeyHeader) ?? headers.GetValueOrDefault(PartitionKey), headers, body.ToArray())
            : null;
    }

    /// <summary>How often the broker has taken it back from a consumer.</summary>
    public static int ReturnsOf(IReadOnlyBasicProperties properties) => properties.Headers?.TryGetValue(DeliveryCount, out var count) == true ? NumberOf(count) : 0;

    public static string? TextOf(IReadOnlyBasicProperties properties, string header)
        => properties.Headers?.TryGetValue(header, out var value) == true && value is not null ? TextOf(value) : null;

    public static int NumberOf(object? value) => value is IConvertible number and not string ? number.ToInt32(CultureInfo.InvariantCulture) : 0;

    private static string TextOf(object? value) => value switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        null => string.Empty,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
