using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>
/// Which group wants which type since when. Groups write it into one log; its order decides who was the first for a type and gets what was published before.
/// </summary>
internal sealed class KafkaSubscriptions(KafkaCluster cluster, KafkaPublisher publisher)
{
    /// <summary>Subscribes.</summary>
    /// <returns>Where the group begins to read each topic, by partition; a topic that is not there is read from its beginning.</returns>
    public async Task<IReadOnlyDictionary<string, long[]>> SubscribeAsync(string group, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        var log = await ReadAsync(cancellationToken);
        var absent = types.Where(type => !log.Any(entry => entry.Group == group && entry.Type == type)).ToArray();
        if (absent.Length > 0)
        {
            List<KafkaPublisher.Parcel> parcels = [];
            foreach (var type in absent)
            {
                parcels.Add(ParcelOf(new Entry(group, type, await EndsAsync(KafkaTopology.TopicOf(type), cancellationToken))));
            }

            await publisher.PublishAsync(parcels, cancellationToken);
            log = await ReadAsync(cancellationToken);
        }

        Dictionary<string, long[]> starts = [];
        foreach (var type in types)
        {
            var first = log.First(entry => entry.Type == type);
            if (first.Group != group)
            {
                starts[KafkaTopology.TopicOf(type)] = log.First(entry => entry.Group == group && entry.Type == type).Ends;
            }
        }

        return starts;
    }

    private static KafkaPublisher.Parcel ParcelOf(Entry entry) => new(
        KafkaTopology.Subscriptions, 0, new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(entry.Group), Value = JsonSerializer.SerializeToUtf8Bytes(entry) });

    private async Task<List<Entry>> ReadAsync(CancellationToken cancellationToken)
        => [.. (await KafkaLog.ReadAsync(cluster, KafkaTopology.Subscriptions, cancellationToken)).Select(record => JsonSerializer.Deserialize<Entry>(record.Value)!)];

    private async Task<long[]> EndsAsync(string topic, CancellationToken cancellationToken)
    {
        var count = await KafkaCluster.PartitionsAsync(publisher.Handle, topic, cancellationToken);
        return await Task.Run(
            () =>
            {
                using var reader = cluster.Reader($"{topic}.reader").Build();
                return Enumerable.Range(0, count).Select(partition => reader.QueryWatermarkOffsets(new TopicPartition(topic, partition), KafkaCluster.Patience).High.Value).ToArray();
            },
            cancellationToken);
    }

    private sealed record Entry(string Group, string Type, long[] Ends);
}
