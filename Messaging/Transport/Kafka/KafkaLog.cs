using Confluent.Kafka;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>Reads a topic of one partition.</summary>
internal static class KafkaLog
{
    /// <summary>Reads all that is there now.</summary>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public static Task<List<Message<byte[]?, byte[]?>>> ReadAsync(KafkaCluster cluster, string topic, CancellationToken cancellationToken)
        => Task.Run(() => Read(cluster, topic, cancellationToken), cancellationToken);

    private static List<Message<byte[]?, byte[]?>> Read(KafkaCluster cluster, string topic, CancellationToken cancellationToken)
    {
        using var consumer = cluster.Reader($"{topic}.reader").Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        List<Message<byte[]?, byte[]?>> records = [];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = consumer.Consume(KafkaCluster.Patience) ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"{topic} cannot be read"));
            if (result.IsPartitionEOF)
            {
                return records;
            }

            records.Add(result.Message);
        }
    }
}
