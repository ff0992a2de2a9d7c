using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>Gives what was published before anybody subscribed to the first group that does.</summary>
internal sealed class RabbitUnrouted(RabbitMQTransport transport, IConnection connection, string group, TimeProvider time)
{
    private const ushort ResourceLocked = 405;
    private const int Batch = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>For what was on its way to the other queue when this group subscribed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>Moves what there is before anything newer is consumed; waits for another who does so.</summary>
    public async Task MoveAllAsync(string type, CancellationToken cancellationToken)
    {
        while (!await TryMoveAsync(type, first: true, cancellationToken))
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Moves what came later than that.</summary>
    public async Task MoveLateAsync(string type, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        if ((await channel.QueueDeclarePassiveAsync(RabbitTopology.UnroutedQueue(type), cancellationToken)).MessageCount > 0)
        {
            await TryMoveAsync(type, first: false, cancellationToken);
        }
    }

    private async Task<bool> TryMoveAsync(string type, bool first, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var queue = RabbitTopology.UnroutedQueue(type);
        try
        {
            await channel.QueueDeclareAsync(RabbitTopology.LockOf(queue), durable: false, exclusive: true, autoDelete: false, cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException refusal) when (refusal.ShutdownReason?.ReplyCode == ResourceLocked)
        {
            return false;
        }

        while (await MoveBatchAsync(channel, queue, first, cancellationToken))
        {
            await Task.Delay(Grace, time, cancellationToken);
        }

        await channel.QueueDeleteAsync(RabbitTopology.LockOf(queue), cancellationToken: cancellationToken);
        return true;
    }

    private async Task<bool> MoveBatchAsync(IChannel channel, string queue, bool first, CancellationToken cancellationToken)
    {
        var moved = false;
        while (true)
        {
            List<ConfirmedChannel.Parcel> parcels = [];
            ulong last = 0;
            while (parcels.Count < Batch && await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } got)
            {
                last = got.DeliveryTag;
                if (RabbitMessages.Read(got.BasicProperties, got.Body) is { } message)
                {
                    var target = first ? RabbitTopology.EarlyQueue(group) : RabbitTopology.Queue(group, RabbitTopology.PartitionOf(message));
                    parcels.Add(new ConfirmedChannel.Parcel(string.Empty, target, RabbitMessages.PropertiesOf(message), message.Body));
                }
            }

            if (last == 0)
            {
                return moved;
            }

            await transport.PublishAsync(parcels, cancellationToken);
            await channel.BasicAckAsync(last, multiple: true, cancellationToken);
            moved = true;
        }
    }
}
