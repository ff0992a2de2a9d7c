using RabbitMQ.Client;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>Reads the dead letters of a group and puts them back. What is only looked at returns to its place when the channel is closed.</summary>
internal static class RabbitDeadLetters
{
    private const int Batch = 100;

    public static async Task<IReadOnlyList<DeadLetter>> ReadAsync(ConfirmedChannel publisher, string group, int limit, CancellationToken cancellationToken)
    {
        await using var channel = await publisher.OpenChannelAsync(cancellationToken);
        await RabbitTopology.DeclareDeadAsync(channel, group, cancellationToken);
        List<DeadLetter> letters = [];
        while (letters.Count < limit && await channel.BasicGetAsync(RabbitTopology.DeadQueue(group), autoAck: false, cancellationToken) is { } got)
        {
            if (RabbitMessages.Read(got.BasicProperties, got.Body) is { } message)
            {
                letters.Add(LetterOf(message, got.BasicProperties));
            }
        }

        return letters;
    }

    public static async Task<int> RedriveAsync(
        ConfirmedChannel publisher, string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken)
    {
        await using var channel = await publisher.OpenChannelAsync(cancellationToken);
        await RabbitTopology.DeclareDeadAsync(channel, group, cancellationToken);
        var redriven = 0;

        // Not what becomes a dead letter again meanwhile.
        var left = (await channel.QueueDeclarePassiveAsync(RabbitTopology.DeadQueue(group), cancellationToken)).MessageCount;
        List<(ulong Tag, TransportMessage Message)> batch = [];
        for (; left > 0 && await channel.BasicGetAsync(RabbitTopology.DeadQueue(group), autoAck: false, cancellationToken) is { } got; left--)
        {
            if (RabbitMessages.Read(got.BasicProperties, got.Body) is { } message && messageIds?.Contains(message.Id) != false)
            {
                batch.Add((got.DeliveryTag, message));
            }

            if (batch.Count >= Batch)
            {
                redriven += await SendAsync();
            }
        }

        return redriven + await SendAsync();

        async Task<int> SendAsync()
        {
            if (batch.Count == 0)
            {
                return 0;
            }

            await publisher.PublishAsync(
                [.. batch.Select(one => new ConfirmedChannel.Parcel(
                    string.Empty, RabbitTopology.Queue(group, RabbitTopology.PartitionOf(one.Message)), RabbitMessages.PropertiesOf(one.Message), one.Message.Body))],
                cancellationToken);
            foreach (var (tag, _) in batch)
            {
                await channel.BasicAckAsync(tag, multiple: false, cancellationToken);
            }

            var count = batch.Count;
            batch.Clear();
            return count;
        }
    }

    private static DeadLetter LetterOf(TransportMessage message, IReadOnlyBasicProperties properties)
    {
        var headers = properties.Headers!;
        return RabbitMessages.TextOf(properties, RabbitMessages.ReasonHeader) is { } reason
            ? new DeadLetter(
                message.Id, message.Type, RabbitMessages.NumberOf(headers[RabbitMessages.AttemptsHeader]), reason, message.Headers,
                DateTimeOffset.FromUnixTimeMilliseconds(headers[RabbitMessages.DeadSinceHeader] as long? ?? 0), message.Body)
            : new DeadLetter(
                message.Id, message.Type, RabbitTopology.DeliveryLimit + 1,
                $"Handed out {RabbitTopology.DeliveryLimit + 1} times without an answer: the consumers were killed. RabbitMQ set it aside.",
                message.Headers, BrokersTimeOf(headers), message.Body);
    }

    // The broker's own header: a list of tables, the latest first.
    private static DateTimeOffset BrokersTimeOf(IDictionary<string, object?> headers)
        => headers.TryGetValue("x-death", out var deaths) && deaths is IList<object?> { Count: > 0 } list
            && list[0] is IDictionary<string, object?> death && death.TryGetValue("time", out var time) && time is AmqpTimestamp at
            ? DateTimeOffset.FromUnixTimeSeconds(at.UnixTime)
            : default;
}
