using RabbitMQ.Client;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>Reads the dead letters of a group and puts them back. What is only looked at returns to its place when the channel is closed.</summary>
internal static class RabbitDeadLetters
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>How often to look whether all is back; somebody else may have taken some.</summary>
    private const int Looks = 50;

    public static async Task<IReadOnlyList<DeadLetter>> ReadAsync(ConfirmedChannel publisher, string group, int limit, CancellationToken cancellationToken)
    {
        List<DeadLetter> letters = [];
        await ForEachAsync(
            publisher,
            group,
            limit,
            (message, got) =>
            {
                letters.Add(LetterOf(message, got.BasicProperties));
                return Task.FromResult(false);
            },
            cancellationToken);
        return letters;
    }

    public static async Task<int> RedriveAsync(
        ConfirmedChannel publisher, string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken)
    {
        var redriven = 0;
        await ForEachAsync(
            publisher,
            group,
            int.MaxValue,
            async (message, _) =>
            {
                if (messageIds?.Contains(message.Id) == false)
                {
                    return false;
                }

                var queue = RabbitTopology.Queue(group, RabbitTopology.PartitionOf(message));
                await publisher.PublishAsync([new ConfirmedChannel.Parcel(string.Empty, queue, RabbitMessages.PropertiesOf(message), message.Body)], cancellationToken);
                redriven++;
                return true;
            },
            cancellationToken);
        return redriven;
    }

    /// <summary>Shows the letters to a visitor who may take them away.</summary>
    private static async Task ForEachAsync(
        ConfirmedChannel publisher, string group, int limit, Func<TransportMessage, BasicGetResult, Task<bool>> takes, CancellationToken cancellationToken)
    {
        var queue = RabbitTopology.DeadQueue(group);
        await using var watch = await publisher.OpenChannelAsync(cancellationToken);

        // Nobody may have subscribed yet.
        await RabbitTopology.DeclareDeadAsync(watch, group, cancellationToken);
        var expected = await watch.MessageCountAsync(queue, cancellationToken);
        await using (var channel = await publisher.OpenChannelAsync(cancellationToken))
        {
            // Not what becomes a dead letter again meanwhile.
            var left = Math.Min(expected, (uint)limit);
            for (; left > 0 && await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } got; left--)
            {
                if (RabbitMessages.Read(got.BasicProperties, got.Body) is { } message && await takes(message, got))
                {
                    await channel.BasicAckAsync(got.DeliveryTag, multiple: false, cancellationToken);
                    expected--;
                }
            }
        }

        for (var look = 0; look < Looks && await watch.MessageCountAsync(queue, cancellationToken) < expected; look++)
        {
            await Task.Delay(Look, cancellationToken);
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
