using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>Copies what lies in a topic into the retry topic of a group.</summary>
internal static class KafkaReplay
{
    private const int Batch = 500;
    private const string Original = "replayof";

    /// <summary>Copies all from a place on that is there now, each partition in its order.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">There is no such partition.</exception>
    /// <exception cref="KafkaException">The cluster does not answer; some may have been copied.</exception>
    public static async Task<int> ReplayAsync(
        KafkaCluster cluster, KafkaPublisher publisher, string group, string type, ReplayStart start, CancellationToken cancellationToken)
    {
        var topic = KafkaTopology.TopicOf(type);
        var count = await KafkaCluster.PartitionsAsync(publisher.Handle, topic, cancellationToken);
        if (start.Partition >= count)
        {
            throw new ArgumentException($"{topic} has {count} partitions; there is no {start.Partition}.", nameof(start));
        }

        var replayed = 0;
        foreach (var partition in start.Partition is { } one ? [one] : Enumerable.Range(0, count))
        {
            using var reader = cluster.Reader($"{topic}.reader").Build();
            foreach (var batch in Read(reader, new TopicPartition(topic, partition), start, cancellationToken).Chunk(Batch))
            {
                await publisher.PublishAsync([.. batch.Select(message => ParcelOf(group, message))], cancellationToken);
                replayed += batch.Length;
            }
        }

        return replayed;
    }

    private static KafkaPublisher.Parcel ParcelOf(string group, TransportMessage message)
    {
        var id = Guid.CreateVersion7();
        var headers = new Dictionary<string, string>(message.Headers) { ["id"] = id.ToString(), [Original] = message.Id.ToString() };
        return new KafkaPublisher.Parcel(KafkaTopology.RetryTopic(group), Partition.Any, KafkaMessages.RecordOf(message with { Id = id, Headers = headers }));
    }

    // Up to what is there now: a replay that is slower than publishers would never end.
    private static IEnumerable<TransportMessage> Read(IConsumer<byte[]?, byte[]?> reader, TopicPartition place, ReplayStart start, CancellationToken cancellationToken)
    {
        var bounds = reader.QueryWatermarkOffsets(place, KafkaCluster.Patience);
        var since = start.Since?.ToUnixTimeMilliseconds() ?? 0;
        var next = Math.Max(start.Since is null ? start.Offset : FirstSince(reader, place, bounds, since), bounds.Low.Value);
        if (next < bounds.High.Value)
        {
            reader.Assign(new TopicPartitionOffset(place, next));
        }

        while (next < bounds.High.Value)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = Next(reader, place);
            if (record is null)
            {
                yield break;
            }

            next = record.Offset.Value + 1;
            if (next <= bounds.High.Value && record.Message.Timestamp.UnixTimestampMs >= since && KafkaMessages.Read(record.Message) is { } message)
            {
                yield return message;
            }
        }
    }

    private static long FirstSince(IConsumer<byte[]?, byte[]?> reader, TopicPartition place, WatermarkOffsets bounds, long since)
    {
        var found = reader.OffsetsForTimes([new TopicPartitionTimestamp(place, new Timestamp(since, TimestampType.CreateTime))], KafkaCluster.Patience)[0].Offset;
        if (found != Offset.End || bounds.High.Value == bounds.Low.Value)
        {
            return found == Offset.End ? bounds.High.Value : found.Value;
        }

        // librdkafka's mock knows no times: there everything is read, and what is older passed over.
        reader.Assign(new TopicPartitionOffset(place, bounds.High.Value - 1));
        return Next(reader, place)?.Message.Timestamp.UnixTimestampMs >= since ? bounds.Low.Value : bounds.High.Value;
    }

    /// <summary>The next record; null at the end.</summary>
    private static ConsumeResult<byte[]?, byte[]?>? Next(IConsumer<byte[]?, byte[]?> reader, TopicPartition place)
    {
        var result = reader.Consume(KafkaCluster.Patience) ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"{place} cannot be read"));
        return result.IsPartitionEOF ? null : result;
    }
}
