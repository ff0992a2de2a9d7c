using System.Diagnostics;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>A producer that makes a span of each message, from the call until the broker has it.</summary>
internal sealed class TracedProducer<TKey, TValue>(IProducer<TKey, TValue> producer) : IProducer<TKey, TValue>
{
    public Handle Handle => producer.Handle;

    public string Name => producer.Name;

    public Task<DeliveryResult<TKey, TValue>> ProduceAsync(string topic, Message<TKey, TValue> message, CancellationToken cancellationToken = default) =>
        ProduceAsync(new TopicPartition(topic, Partition.Any), message, cancellationToken);

    public async Task<DeliveryResult<TKey, TValue>> ProduceAsync(
        TopicPartition topicPartition, Message<TKey, TValue> message, CancellationToken cancellationToken = default)
    {
        using var span = KafkaSpans.Publish(topicPartition.Topic, message);
        try
        {
            var result = await producer.ProduceAsync(topicPartition, message, cancellationToken);
            KafkaSpans.Delivered(span, result.TopicPartitionOffset, error: null);
            return result;
        }
        catch (ProduceException<TKey, TValue> failure)
        {
            KafkaSpans.Delivered(span, failure.DeliveryResult.TopicPartitionOffset, failure.Error);
            throw;
        }
    }

    public void Produce(string topic, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null) =>
        Produce(new TopicPartition(topic, Partition.Any), message, deliveryHandler);

    public void Produce(TopicPartition topicPartition, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null)
    {
        var current = Activity.Current;
        var span = KafkaSpans.Publish(topicPartition.Topic, message);
        Activity.Current = current;
        try
        {
            producer.Produce(topicPartition, message, report =>
            {
                KafkaSpans.Delivered(span, report.TopicPartitionOffset, report.Error);
                span?.Dispose();
                deliveryHandler?.Invoke(report);
            });
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            span?.Dispose();
            throw;
        }
    }

    public int Poll(TimeSpan timeout) => producer.Poll(timeout);

    public int Flush(TimeSpan timeout) => producer.Flush(timeout);

    public void Flush(CancellationToken cancellationToken = default) => producer.Flush(cancellationToken);

    public void InitTransactions(TimeSpan timeout) => producer.InitTransactions(timeout);

    public void BeginTransaction() => producer.BeginTransaction();

    public void CommitTransaction(TimeSpan timeout) => producer.CommitTransaction(timeout);

    public void CommitTransaction() => producer.CommitTransaction();

    public void AbortTransaction(TimeSpan timeout) => producer.AbortTransaction(timeout);

    public void AbortTransaction() => producer.AbortTransaction();

    public void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) =>
        producer.SendOffsetsToTransaction(offsets, groupMetadata, timeout);

    public int AddBrokers(string brokers) => producer.AddBrokers(brokers);

    public void SetSaslCredentials(string username, string password) => producer.SetSaslCredentials(username, password);

    public void Dispose() => producer.Dispose();
}
