using System.Text;
using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>Reads the dead letters of a group and puts them back. A log forgets nothing by itself: what was put back is marked by a record without a value.</summary>
internal static class KafkaDeadLetters
{
    public static async Task<IReadOnlyList<DeadLetter>> ReadAsync(KafkaCluster cluster, string group, int limit, CancellationToken cancellationToken)
        => [.. (await AllAsync(cluster, group, cancellationToken)).Take(limit).Select(letter => LetterOf(letter.Message, letter.Record))];

    public static async Task<int> RedriveAsync(
        KafkaCluster cluster, KafkaPublisher publisher, string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken)
    {
        var chosen = (await AllAsync(cluster, group, cancellationToken)).Where(letter => messageIds?.Contains(letter.Message.Id) != false).ToArray();

        // First the way back: who dies between the two puts it back twice, which an inbox notices.
        await publisher.PublishAsync(
            [.. chosen.Select(letter => new KafkaPublisher.Parcel(KafkaTopology.RetryTopic(group), Partition.Any, KafkaMessages.RecordOf(letter.Message)))], cancellationToken);
        await publisher.PublishAsync(
            [.. chosen.Select(letter => new KafkaPublisher.Parcel(KafkaTopology.DeadTopic(group), 0, KafkaMessages.TombstoneOf(letter.Message.Id)))], cancellationToken);
        return chosen.Length;
    }

    private static async Task<IEnumerable<Letter>> AllAsync(KafkaCluster cluster, string group, CancellationToken cancellationToken)
    {
        OrderedDictionary<string, Letter> letters = [];
        foreach (var record in await KafkaLog.ReadAsync(cluster, KafkaTopology.DeadTopic(group), cancellationToken))
        {
            var id = Encoding.UTF8.GetString(record.Key ?? []);
            letters.Remove(id);
            if (record.Value is not null && KafkaMessages.ReadLetter(record) is { } message)
            {
                letters.Add(id, new Letter(message, record));
            }
        }

        return letters.Values;
    }

    private static DeadLetter LetterOf(TransportMessage message, Message<byte[]?, byte[]?> record) => new(
        message.Id, message.Type, (int)KafkaMessages.NumberOf(record, KafkaMessages.AttemptsHeader), KafkaMessages.TextOf(record, KafkaMessages.ReasonHeader) ?? string.Empty,
        message.Headers, DateTimeOffset.FromUnixTimeMilliseconds(KafkaMessages.NumberOf(record, KafkaMessages.DeadSinceHeader)), message.Body);

    private sealed record Letter(TransportMessage Message, Message<byte[]?, byte[]?> Record);
}
