using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>Kafka as broker: a topic for each message type, its partitions divided between the members of a group.</summary>
internal sealed class KafkaTransport(string servers, string clientName, IOptions<MessagingOptions> options, TimeProvider time, ILogger<KafkaTransport> logger)
    : IMessageTransport, IAsyncDisposable
{
    private readonly KafkaCluster _cluster = new(servers, clientName, options.Value);
    private KafkaPublisher? _publisher;

    public string System => "kafka";

    private KafkaPublisher Publisher => LazyInitializer.EnsureInitialized(ref _publisher, () => new KafkaPublisher(_cluster));

    public Task PingAsync(CancellationToken cancellationToken) => KafkaCluster.CallAsync(async () =>
    {
        await KafkaCluster.PingAsync(Publisher.Handle, cancellationToken);
        return true;
    });

    public async Task<IReadOnlyDictionary<int, string>> PublishAsync(IReadOnlyList<TransportMessage> messages, CancellationToken cancellationToken)
    {
        Dictionary<int, string> refused = [];
        List<int> places = [];
        List<KafkaPublisher.Parcel> parcels = [];
        for (var index = 0; index < messages.Count; index++)
        {
            if (RefusalOf(messages[index]) is { } reason)
            {
                refused[index] = reason;
                continue;
            }

            places.Add(index);
            parcels.Add(new KafkaPublisher.Parcel(KafkaTopology.TopicOf(messages[index].Type), Partition.Any, KafkaMessages.RecordOf(messages[index])));
        }

        foreach (var (place, reason) in await KafkaCluster.CallAsync(async () =>
        {
            await Publisher.EnsureAsync(parcels.Select(parcel => parcel.Topic).Distinct().Select(KafkaCluster.Topic.Divided), cancellationToken);
            return await Publisher.PublishAsync(parcels, cancellationToken);
        }))
        {
            refused[places[place]] = reason;
        }

        return refused;
    }

    public Task<IMessageReceiver> SubscribeAsync(string group, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
        => KafkaCluster.CallAsync<IMessageReceiver>(async () =>
        {
            await Publisher.EnsureAsync(
                [.. types.Select(type => KafkaCluster.Topic.Divided(KafkaTopology.TopicOf(type))), KafkaCluster.Topic.Divided(KafkaTopology.RetryTopic(group)),
                    KafkaCluster.Topic.Dead(group), KafkaCluster.Topic.Subscriptions],
                cancellationToken);
            var starts = await new KafkaSubscriptions(_cluster, Publisher).SubscribeAsync(group, types, cancellationToken);
            return await KafkaReceiver.OpenAsync(this, _cluster, group, types, starts, options.Value, time, logger, cancellationToken);
        });

    public Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string group, int limit, CancellationToken cancellationToken) => KafkaCluster.CallAsync(async () =>
    {
        await Publisher.EnsureAsync([KafkaCluster.Topic.Dead(group)], cancellationToken);
        return await KafkaDeadLetters.ReadAsync(_cluster, group, limit, cancellationToken);
    });

    public Task<int> RedriveAsync(string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken) => KafkaCluster.CallAsync(async () =>
    {
        await Publisher.EnsureAsync([KafkaCluster.Topic.Dead(group), KafkaCluster.Topic.Divided(KafkaTopology.RetryTopic(group))], cancellationToken);
        return await KafkaDeadLetters.RedriveAsync(_cluster, Publisher, group, messageIds, cancellationToken);
    });

    public Task<int> ReplayAsync(string group, string type, ReplayStart start, CancellationToken cancellationToken) => KafkaCluster.CallAsync(async () =>
    {
        await Publisher.EnsureAsync(
            [KafkaCluster.Topic.Divided(KafkaTopology.TopicOf(type)), KafkaCluster.Topic.Divided(KafkaTopology.RetryTopic(group))], cancellationToken);
        return await Task.Run(() => KafkaReplay.ReplayAsync(_cluster, Publisher, group, type, start, cancellationToken), cancellationToken);
    });

    public ValueTask DisposeAsync() => _publisher?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Writes a dead letter.</summary>
    internal Task SetAsideAsync(string group, Message<byte[]?, byte[]?> letter, CancellationToken cancellationToken) => KafkaCluster.CallAsync(async () =>
    {
        await Publisher.EnsureAsync([KafkaCluster.Topic.Dead(group)], cancellationToken);
        return await Publisher.PublishAsync([new KafkaPublisher.Parcel(KafkaTopology.DeadTopic(group), 0, letter)], cancellationToken);
    });

    private string? RefusalOf(TransportMessage message) => message switch
    {
        _ when message.Body.Length > options.Value.MaxMessageBytes
            => new MessageTooLargeException(message.Type, message.Body.Length, options.Value.MaxMessageBytes).Message,
        _ when !KafkaTopology.CanRoute(message.Type) => $"The type '{message.Type}' cannot be the name of a topic of Kafka",
        _ when !KafkaMessages.Fits(message) => $"The attributes are larger than {KafkaMessages.MaxHeaderBytes} bytes",
        _ => null,
    };
}
