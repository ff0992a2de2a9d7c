using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Trellis.Messaging.Transport.RabbitMQ;
using Xunit.Abstractions;

namespace Trellis.Messaging.Tests;

/// <summary>The bank with RabbitMQ as broker, where it is installed.</summary>
[NeedsRabbitMQ]
public sealed class RabbitMQKilledTests(ITestOutputHelper output) : KilledTests(output)
{
    private static readonly string[] Groups = ["teller", "ledger"];

    internal override async Task<IKillableBroker> StartBrokerAsync() => new Broker(await RabbitServer.StartAsync());

    private sealed class Broker(RabbitServer server) : IKillableBroker
    {
        private bool _settled;

        public string ConnectionString => server.ConnectionString();

        public async Task KillAsync()
        {
            if (!_settled)
            {
                // RabbitMQ 3.10 writes down only every half second which quorum queues there are; a younger one is without a leader after a kill.
                await Eventually.TrueAsync(QueuesExistAsync, "the services did not declare their queues");
                await Task.Delay(TimeSpan.FromSeconds(2));
                _settled = true;
            }

            await server.KillAsync();
        }

        public Task RestartAsync() => server.RestartAsync();

        public Task<long> CountWaitingAsync() => CountAsync(Groups
            .SelectMany(group => Enumerable.Range(0, RabbitTopology.Partitions).Select(partition => RabbitTopology.Queue(group, partition)).Append(RabbitTopology.EarlyQueue(group)))
            .Concat([RabbitTopology.UnroutedQueue("shop.bank.transfer-ordered.v1"), RabbitTopology.UnroutedQueue("shop.bank.transfer-booked.v1")]));

        public Task<long> CountDeadLettersAsync() => CountAsync(Groups.Select(RabbitTopology.DeadQueue));

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private async Task<bool> QueuesExistAsync()
        {
            try
            {
                return await CountWaitingAsync() >= 0;
            }
            catch (OperationInterruptedException)
            {
                return false;
            }
        }

        private async Task<long> CountAsync(IEnumerable<string> queues)
        {
            var factory = new ConnectionFactory { Uri = new Uri(ConnectionString), AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync();
            await using var channel = await connection.CreateChannelAsync();
            long count = 0;
            foreach (var queue in queues)
            {
                count += await channel.MessageCountAsync(queue);
            }

            return count;
        }
    }
}
