using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>What there is in the broker, by name. Everything is durable, and each queue is a quorum queue but those that only count members or lock.</summary>
internal static class RabbitTopology
{
    /// <summary>How many queues a group has; that many of its members can be at work. Another number would change the queue of a key, and with it the order.</summary>
    public const int Partitions = 8;

    /// <summary>The exchange of all messages; the routing key is type and partition.</summary>
    public const string Exchange = "trellis";

    /// <summary>How often the broker hands out what nobody answers, before it sets it aside. Consumers do so earlier, unless they die of it.</summary>
    public const int DeliveryLimit = 20;

    private const string Unbound = "trellis.unrouted";
    private const string Dead = "trellis.dead";

    /// <summary>The number of the queue that goes before all others; what was published before the group subscribed.</summary>
    private const int Early = Partitions;

    // AMQP's short strings.
    private const int LongestName = 255;

    public static string Queue(string group, int partition) => partition == Early ? EarlyQueue(group) : string.Create(CultureInfo.InvariantCulture, $"{group}.{partition}");

    public static string EarlyQueue(string group) => $"{group}.early";

    public static string DeadQueue(string group) => $"{group}.dead";

    public static string MembersQueue(string group) => $"{group}.members";

    public static string UnroutedQueue(string type) => $"{Unbound}.{type}";

    /// <summary>The lock of a queue: the connection that has it alone consumes.</summary>
    public static string LockOf(string queue) => $"{queue}.owner";

    public static int PartitionOf(TransportMessage message)
        => (int)(System.IO.Hashing.XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(message.PartitionKey ?? message.Id.ToString())) % Partitions);

    public static string RoutingKey(TransportMessage message) => string.Create(CultureInfo.InvariantCulture, $"{message.Type}.{PartitionOf(message)}");

    public static bool CanRoute(string type) => Encoding.UTF8.GetByteCount(UnroutedQueue(type)) + 8 <= LongestName;

    public static async Task DeclareExchangesAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(Unbound, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(
            Exchange, ExchangeType.Topic, durable: true, autoDelete: false, new Dictionary<string, object?> { ["alternate-exchange"] = Unbound }, cancellationToken: cancellationToken);
    }

    /// <summary>Where messages of a type wait while no group has subscribed to it.</summary>
    public static async Task DeclareUnroutedAsync(IChannel channel, string type, CancellationToken cancellationToken)
    {
        await DeclareQuorumAsync(channel, UnroutedQueue(type), Unlimited(), cancellationToken);
        await channel.QueueBindAsync(UnroutedQueue(type), Unbound, $"{type}.*", cancellationToken: cancellationToken);
    }

    public static async Task DeclareGroupAsync(IChannel channel, string group, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        await DeclareExchangesAsync(channel, cancellationToken);
        await DeclareDeadAsync(channel, group, cancellationToken);
        await channel.QueueDeclareAsync(MembersQueue(group), durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        for (var partition = 0; partition <= Early; partition++)
        {
            await DeclareQuorumAsync(channel, Queue(group, partition), Limited(group), cancellationToken);
        }

        foreach (var type in types)
        {
            await DeclareUnroutedAsync(channel, type, cancellationToken);
            for (var partition = 0; partition < Partitions; partition++)
            {
                await channel.QueueBindAsync(
                    Queue(group, partition), Exchange, string.Create(CultureInfo.InvariantCulture, $"{type}.{partition}"), cancellationToken: cancellationToken);
            }
        }
    }

    public static async Task DeclareDeadAsync(IChannel channel, string group, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await DeclareQuorumAsync(channel, DeadQueue(group), Unlimited(), cancellationToken);
        await channel.QueueBindAsync(DeadQueue(group), Dead, group, cancellationToken: cancellationToken);
    }

    private static Task DeclareQuorumAsync(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = "quorum";
        return channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }

    // Later versions have a limit of their own, after which they would throw messages away.
    private static Dictionary<string, object?> Unlimited() => new() { ["x-delivery-limit"] = 1_000_000 };

    // One consumer at a time, and the next only when all that the last one held is back in its place. Set aside without loss, for which the broker
    // demands the overflow behaviour.
    private static Dictionary<string, object?> Limited(string group) => new()
    {
        ["x-single-active-consumer"] = true,
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = Dead,
        ["x-dead-letter-routing-key"] = group,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };
}
