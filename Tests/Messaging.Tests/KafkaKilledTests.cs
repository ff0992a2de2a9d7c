using Confluent.Kafka;
using Trellis.Messaging.Transport.Kafka;
using Xunit.Abstractions;

namespace Trellis.Messaging.Tests;

/// <summary>The bank with a mock of Kafka as broker. It would forget everything if it were killed: it is stopped in its tracks instead, and goes on later.</summary>
public sealed class KafkaKilledTests(ITestOutputHelper output) : KilledTests(output)
{
    private static readonly string[] Types = ["shop.bank.transfer-ordered.v1", "shop.bank.transfer-booked.v1"];

    internal override async Task<IKillableBroker> StartBrokerAsync()
    {
        Output.WriteLine("The mock of Kafka keeps everything in memory: where the broker is to be killed it is only stopped for a while. That messages survive its death is not verified.");
        return new Broker(await KafkaServer.StartAsync());
    }

    private sealed class Broker(KafkaServer server) : IKillableBroker
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        public string ConnectionString => server.ConnectionString;

        public Task KillAsync() => server.FreezeAsync();

        public Task RestartAsync() => server.ThawAsync();

        public Task<long> CountWaitingAsync() => Task.Run(() =>
            Waiting("ledger", Types[0]) + Waiting("teller", Types[1]) + Waiting("ledger", KafkaTopology.RetryTopic("ledger")) + Waiting("teller", KafkaTopology.RetryTopic("teller")));

        public Task<long> CountDeadLettersAsync() => Task.Run(() => Waiting("nobody", KafkaTopology.DeadTopic("ledger")) + Waiting("nobody", KafkaTopology.DeadTopic("teller")));

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private long Waiting(string group, string topic)
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = ConnectionString }).Build();
            using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = ConnectionString, GroupId = group }).Build();
            var places = admin.GetMetadata(topic, Patience).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)).ToArray();
            return consumer.Committed(places, Patience).Sum(place =>
                consumer.QueryWatermarkOffsets(place.TopicPartition, Patience).High.Value - (place.Offset.IsSpecial ? 0 : place.Offset.Value));
        }
    }
}
