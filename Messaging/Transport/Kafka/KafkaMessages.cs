using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>Messages as Kafka has them: CloudEvents attributes are headers with a prefix, the content is the value as it is, the partition key is the key.</summary>
internal static class KafkaMessages
{
    public const string ReasonHeader = "trellis-reason";
    public const string AttemptsHeader = "trellis-attempts";
    public const string DeadSinceHeader = "trellis-dead-since";

    private const string KeyHeader = "trellis-partition-key";
    private const string IdHeader = "trellis-id";
    private const string TypeHeader = "trellis-type";
    private const string ContentType = "content-type";
    private const string DataContentType = "datacontenttype";

    // Of CloudEvents' binding.
    private const string Prefix = "ce_";

    /// <summary>How many bytes attributes may have, so that a message of the largest content fits with them.</summary>
    public const int MaxHeaderBytes = 100 * 1024;

    public static bool Fits(TransportMessage message)
        => message.Headers.Sum(header => Encoding.UTF8.GetByteCount(header.Key) + Encoding.UTF8.GetByteCount(header.Value) + 16)
            + Encoding.UTF8.GetByteCount(message.PartitionKey ?? string.Empty) < MaxHeaderBytes;

    public static Message<byte[]?, byte[]?> RecordOf(TransportMessage message)
    {
        var headers = new Headers();
        foreach (var (name, value) in message.Headers)
        {
            headers.Add(name == DataContentType ? ContentType : Prefix + name, Encoding.UTF8.GetBytes(value));
        }

        // What CloudEvents demands may be absent here all the same.
        AddUnlessSame(headers, IdHeader, message.Id.ToString(), message.Headers.GetValueOrDefault("id"));
        AddUnlessSame(headers, TypeHeader, message.Type, message.Headers.GetValueOrDefault("type"));
        return new Message<byte[]?, byte[]?> { Key = message.PartitionKey is { } key ? Encoding.UTF8.GetBytes(key) : null, Value = message.Body, Headers = headers };
    }

    /// <summary>A dead letter; its key is the id, by which it is taken back.</summary>
    public static Message<byte[]?, byte[]?> LetterOf(TransportMessage message, int attempts, string reason, DateTimeOffset now)
    {
        var letter = RecordOf(message);
        if (message.PartitionKey is { } key)
        {
            letter.Headers.Add(KeyHeader, Encoding.UTF8.GetBytes(key));
        }

        letter.Headers.Add(ReasonHeader, Encoding.UTF8.GetBytes(reason));
        letter.Headers.Add(AttemptsHeader, Encoding.UTF8.GetBytes(attempts.ToString(CultureInfo.InvariantCulture)));
        letter.Headers.Add(DeadSinceHeader, Encoding.UTF8.GetBytes(now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        letter.Key = KeyOf(message.Id);
        return letter;
    }

    /// <summary>Takes a dead letter back.</summary>
    public static Message<byte[]?, byte[]?> TombstoneOf(Guid id) => new() { Key = KeyOf(id), Value = null };

    /// <summary>Reads a message.</summary>
    /// <returns>Null when it is not one of ours.</returns>
    public static TransportMessage? Read(Message<byte[]?, byte[]?> record)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in record.Headers ?? [])
        {
            if (header.Key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                headers[header.Key[Prefix.Length..]] = Text(header);
            }
            else if (header.Key == ContentType)
            {
                headers[DataContentType] = Text(header);
            }
        }

        var type = TextOf(record, TypeHeader) ?? headers.GetValueOrDefault("type");
        return type is not null && Guid.TryParse(TextOf(record, IdHeader) ?? headers.GetValueOrDefault("id"), out var id)
            ? new TransportMessage(id, type, record.Key is { } key ? Encoding.UTF8.GetString(key) : null, headers, record.Value ?? [])
            : null;
    }

    /// <summary>The message that was set aside.</summary>
    public static TransportMessage? ReadLetter(Message<byte[]?, byte[]?> letter)
        => Read(letter) is { } message ? message with { PartitionKey = TextOf(letter, KeyHeader) } : null;

    public static string? TextOf(Message<byte[]?, byte[]?> record, string name)
        => record.Headers?.TryGetLastBytes(name, out var value) == true ? Encoding.UTF8.GetString(value) : null;

    public static long NumberOf(Message<byte[]?, byte[]?> record, string name)
        => long.TryParse(TextOf(record, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static byte[] KeyOf(Guid id) => Encoding.UTF8.GetBytes(id.ToString());

    private static string Text(IHeader header) => Encoding.UTF8.GetString(header.GetValueBytes() ?? []);

    private static void AddUnlessSame(Headers headers, string name, string value, string? other)
    {
        if (value != other)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }
}
